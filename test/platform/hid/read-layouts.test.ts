import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hidControlSchema } from '../../../src-main/contract/hid-control.ts';
import { layoutOfDescriptor } from '../../../src-main/core/hid/descriptor-layout.ts';
import { parseReportDescriptor } from '../../../src-main/core/hid/report-descriptor.ts';
import { chooseLayout, namesDevice } from '../../../src-main/platform/hid/choose-layout.ts';
import { parseLayout, readLayouts } from '../../../src-main/platform/hid/read-layouts.ts';
import { builtInLayouts, hidInfo } from '../../bridges/hid/fake-hid.ts';
import { hex } from '../../fixtures/hid/descriptors.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

const devices = [{ vendor: '0b33', product: '0020' }];

/** What is changed of a layout that will do, and what is said of it then. */
const wrong: readonly (readonly [object, string])[] = [
  [{ format: 2 }, 'at format'],
  [{ devices: [] }, 'at devices'],
  [{ devices: [{ vendor: 'b33', product: '0020' }] }, 'at devices.0.vendor: expected 4 hexadecimal digits'],
  [{ controls: [{ name: 'a b', byte: 0 }] }, 'at controls.0.name'],
  [
    {
      controls: [
        { name: 'a', byte: 0 },
        { name: 'a', byte: 1 },
      ],
    },
    'at controls.1.name: expected each name once',
  ],
  [
    {
      reports: [{ id: 'r', bytes: '01', length: 9 }],
      outputs: [1, 2].map((byte) => ({ name: 'a', report: 'r', byte, max: 1 })),
    },
    'at outputs.1.name: expected each name once in a report',
  ],
  [
    { reports: [{ id: 'r', bytes: '0102', length: 5, crc32: 'a2' }] },
    'expected at least as many as bytes and checksum',
  ],
  [{ controls: [{ name: 'a', byte: 0, bits: 12, bigEndian: true }] }, 'High byte first is for whole bytes.'],
  [{ controls: [{ name: 'a', byte: 0, min: 4, max: 4 }] }, 'The highest is above the lowest.'],
  [{ controls: [{ name: 'a', kind: 'buttons', byte: 1023, count: 9 }] }, 'A report has 1024 bytes at most.'],
  [
    { outputs: [{ name: 'a', report: 'r', byte: 1, max: 1 }] },
    'at outputs.0.report: expected the id of a report above',
  ],
  [
    { reports: [{ id: 'r', bytes: '01', length: 2 }], outputs: [{ name: 'a', report: 'r', byte: 2, max: 1 }] },
    'expected bits in the report',
  ],
  [{ reports: [{ id: 'r', bytes: '0102', length: 1 }] }, 'expected at least as many as bytes and checksum have'],
  [
    {
      reports: [{ id: 'r', bytes: '01', length: 9 }],
      outputs: [{ name: 'a', report: 'r', byte: 1, bits: 1, max: 2 }],
    },
    'It has to fit its bits.',
  ],
];

describe('layouts of HID devices', () => {
  it('[HI10] come with Flyrail for the devices of the docs, each with where its facts are from', async () => {
    const { layouts, faults } = await readLayouts({ builtIn: builtInLayouts, own: undefined });
    expect(faults).toEqual([]);
    expect(layouts.map(({ id }) => id).toSorted()).toEqual([
      ...['dualsense', 'dualshock-4', 'infinity-foot', 'pcsensor-foot', 'shuttle-pro', 'shuttle-xpress'],
      ...[
        'spacemouse',
        'spacemouse-wireless',
        'streamdeck-15',
        'streamdeck-mini',
        'streamdeck-neo',
        'streamdeck-original',
      ],
      ...['streamdeck-pedal', 'streamdeck-plus', 'streamdeck-xl', 'switch-pro', 'xbox-bluetooth'],
      'xbox-one-bluetooth',
    ]);
    for (const { layout } of layouts) expect(layout.sources.length).toBeGreaterThan(1);
    // No device is in two of them.
    const named = layouts.flatMap(({ layout }) => layout.devices.map(({ vendor, product }) => `${vendor}:${product}`));
    expect(new Set(named).size).toBe(named.length);
  });

  it('[HI26] name View, the guide button and Share where Xbox pads tell them, and no button that is never pressed', async () => {
    const { layouts } = await readLayouts({ builtIn: builtInLayouts, own: undefined });
    const namesOf = (id: string, extra: string): string[] => {
      // A pad with 15 buttons and one control of the consumer page.
      const pad = `05 01 09 05 a1 01 85 01 05 09 19 01 29 0f 15 00 25 01 75 01 95 0f 81 02 95 01 81 03 05 0c ${extra} 81 02 c0`;
      const usages = layouts.find((each) => each.id === id)?.layout.usages;
      return layoutOfDescriptor(parseReportDescriptor(hex(pad)), usages).controls.map(({ name }) => name);
    };
    const common = ['a', 'b', 'x', 'y', 'lb', 'rb', 'menu', 'l3', 'r3'];
    const series = namesOf('xbox-bluetooth', '0a b2 00');
    expect(series).toEqual(expect.arrayContaining([...common, 'view', 'guide', 'share']));
    const one = namesOf('xbox-one-bluetooth', '0a 24 02');
    expect(one).toEqual(expect.arrayContaining([...common, 'view']));
    expect(one.indexOf('view')).toBe(15);
    expect(namesOf('xbox-one-bluetooth', '0a 23 02').indexOf('guide')).toBe(15);
  });

  it('[HI11] are read from the folder of the operator too, who goes before them', async () => {
    const own = temporaryFolder();
    await writeFile(join(own, 'shuttle-xpress.json'), layout({ name: 'Mine' }));
    await writeFile(join(own, 'notes.txt'), 'no layout');
    const { layouts, faults } = await readLayouts({ builtIn: builtInLayouts, own });
    expect(faults).toEqual([]);
    expect(layouts[0]).toMatchObject({ id: 'shuttle-xpress', isOwn: true, layout: { name: 'Mine' } });
    expect(layouts.filter(({ id }) => id === 'shuttle-xpress')).toHaveLength(1);
    expect(chooseLayout(layouts, hidInfo(), '')).toMatchObject({ layout: { name: 'Mine' } });
    expect(chooseLayout(layouts, hidInfo({ vendorId: 1 }), '')).toBeUndefined();
    expect(chooseLayout(layouts, hidInfo(), 'none')).toBeUndefined();
    expect(() => chooseLayout(layouts, hidInfo(), 'gone')).toThrow('There is no layout gone');
  });

  it('[HI11] name the part of a device where they say so', () => {
    const some = parseLayout(
      'x',
      layout({ devices: [{ vendor: '0B33', product: '0020', usagePage: '000c', usage: '0001' }] }),
    );
    const named = { id: 'x', isOwn: true, layout: some };
    expect(namesDevice(named, hidInfo())).toBe(true);
    expect(namesDevice(named, hidInfo({ usage: 2 }))).toBe(false);
  });

  it('[HI11] that will not do are named with the place and what is wrong, and the others are there', async () => {
    const own = temporaryFolder();
    await writeFile(join(own, 'torn.json'), '{');
    await writeFile(join(own, 'large.json'), ' '.repeat(300_000));
    await writeFile(join(own, 'good.json'), layout({}));
    const { layouts, faults } = await readLayouts({ builtIn: builtInLayouts, own });
    expect(layouts.filter(({ isOwn }) => isOwn).map(({ id }) => id)).toEqual(['good']);
    expect(faults).toEqual([
      'The layout large.json is larger than 256 KiB.',
      expect.stringMatching(/^The layout torn.json is no JSON: .*\.$/),
    ]);
    for (const [some, said] of wrong)
      expect(() => parseLayout('x.json', layout(some))).toThrow(
        expect.objectContaining({ code: 'bad-layout', message: expect.stringContaining(said) as string }) as Error,
      );
  });

  it('[HI11] are a layout or a refusal with a code, whatever the file holds', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(() => parseLayout('x.json', text)).toThrow(expect.objectContaining({ code: 'bad-layout' }) as Error);
      }),
    );
    expect(hidControlSchema.safeParse({ name: 'a/b', byte: 3 }).success).toBe(true);
  });
});

function layout(some: object): string {
  return JSON.stringify({ format: 1, name: 'Some', devices, ...some });
}
