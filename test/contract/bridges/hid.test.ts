import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { hidBridgeSchema } from '../../../src-main/contract/bridges/hid.ts';
import { hidLayoutSchema } from '../../../src-main/contract/hid-layout.ts';

const doc = readFileSync(new URL('../../../docs/bridges/hid.md', import.meta.url), 'utf8');
const blocks = [...doc.matchAll(/```json\n([^]*?)```/g)].map(
  ([, json]) => JSON.parse(json ?? '') as { settings: object },
);
const head = { id: 'shuttle', number: 1, name: 'Shuttle', kind: 'hid' };

describe('settings of a HID bridge', () => {
  it('[HI22] are all in the block of its page, and need nothing but the device', () => {
    const [block] = blocks;
    const parsed = hidBridgeSchema.parse(block);
    expect(parsed).toEqual(block);
    expect(Object.keys(hidBridgeSchema.shape.settings.shape)).toEqual(Object.keys(block?.settings ?? {}));
    const least = hidBridgeSchema.parse({ ...head, settings: { device: 'hid=0b33:0020' } });
    expect({ ...least.settings, prefix: '/shuttle' }).toEqual(parsed.settings);
  });

  it('[HI22] have a layout on their page that holds everything a layout has', () => {
    const layout = hidLayoutSchema.parse(blocks[1]);
    expect(Object.keys(blocks[1] ?? {})).toEqual(Object.keys(hidLayoutSchema.shape));
    expect(layout.controls.map(({ name }) => name)).toEqual(['left', 'wheel']);
  });

  it.each([
    [{}],
    [{ device: '/dev/hidraw0' }],
    [{ device: 'hid=0b33' }],
    [{ rate: 0 }],
    [{ deadzone: 1 }],
    [{ collection: 'pad' }],
    [{ layout: '../x' }],
    [{ controls: [{ name: 'a b', byte: 0 }] }],
    [{ changes: [{ name: '/a' }] }],
    [{ jogStep: 0 }],
  ])('[HI22] that cannot be are refused: %j', (some) => {
    const settings = 'device' in some || Object.keys(some).length === 0 ? some : { device: 'hid=0b33:0020', ...some };
    expect(hidBridgeSchema.safeParse({ ...head, settings }).success).toBe(false);
  });
});
