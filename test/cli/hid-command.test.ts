import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runHidCommand } from '../../src-main/cli/hid-command.ts';
import type { HidControl } from '../../src-main/contract/hid-control.ts';
import { readLayouts } from '../../src-main/platform/hid/read-layouts.ts';
import { builtInLayouts, fakeAccess, FakeHidPorts, hidInfo } from '../bridges/hid/fake-hid.ts';
import { SimulatedClock } from '../simulated-clock.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const pad = 'hid=0b33:0020';

describe('flyrail hid', () => {
  it('[HI20] lists devices and layouts, in words and as JSON', async () => {
    const { run } = make();
    expect(await run(['list'])).toEqual([
      0,
      'hid=0b33:0020  Contour Design ShuttleXpress  c/1  layout shuttle-xpress\n',
      '',
    ]);
    const [, listed] = await run(['list', '--json']);
    expect(JSON.parse(listed)).toEqual({
      ...{ device: pad, words: 'Contour Design ShuttleXpress', serialNumber: null, path: '/dev/hidraw0' },
      ...{ part: 'c/1', parts: ['c/1'], layout: 'shuttle-xpress' },
    });
    expect((await run(['layouts']))[1]).toContain('shuttle-xpress  Contour ShuttleXpress  0b33:0020\n');
    expect((await run(['layouts', '--json']))[1]).toContain('"id":"dualsense"');
    const { run: nowhere, ports } = make();
    ports.infos = [];
    expect(await nowhere(['list'])).toEqual([0, 'No HID device is plugged in.\n', '']);
    ports.fault = 'No HID here.';
    expect(await nowhere(['list'])).toEqual([1, '', 'flyrail: No HID here.\n']);
    expect((await run(['--help']))[1]).toContain('flyrail hid watch DEVICE');
  });

  it('[HI20] prints the bits that change and what controls say, until it is told to end', async () => {
    const { run, ports, clock } = make();
    let end: (reason: string) => void = () => undefined;
    const requested = new Promise<string>((resolve) => (end = resolve));
    const stopping = { requested, request: end, forget: () => undefined };
    const running = run(['watch', pad], stopping);
    await clock.advanceAsync(1100);
    ports.report('00 00 00 00 00');
    ports.report('01 00 00 10 00');
    end('enough');
    await clock.advanceAsync(0);
    const [code, out, words] = await running;
    expect([code, out]).toEqual([0, '01 00 00 10 00  byte 0 bit 0 on, byte 3 bit 4 on  shuttle 0.1429, button/1 1\n']);
    expect(words).toContain('is there; its controls are known by Contour ShuttleXpress.');
    expect(ports.openPaths).toEqual([]);
  });

  it('[HI20] learns a control by pressing it, for a show or into a layout of the operator', async () => {
    const { run, ports, clock, data } = make();
    const press = async (args: readonly string[], reports: readonly string[]): Promise<[number, string, string]> => {
      const running = run(args);
      await clock.advanceAsync(0);
      await clock.advanceAsync(1100);
      for (const report of reports) ports.report(report);
      await clock.advanceAsync(1500);
      return running;
    };
    const [code, out] = await press(['learn', pad, 'go'], ['00 00 01 00 00', '00 00 00 00 00', '00 00 01 00 00']);
    expect([code, JSON.parse(out)]).toMatchObject([0, { name: 'go', kind: 'button', byte: 2, bit: 0, bits: 1 }]);
    const write = ['--write', 'mine'];
    await press(['learn', pad, 'stop', ...write], ['00 00 02 00 00', '00 00 00 00 00', '00 00 02 00 00']);
    const [, said] = await press(
      ['learn', pad, 'go', ...write],
      ['00 00 01 00 00', '00 00 00 00 00', '00 00 01 00 00'],
    );
    expect(said).toMatch(/^go is in .*mine\.json, with 2 controls\.\n$/);
    const { layouts, faults } = await readLayouts({ builtIn: builtInLayouts, own: join(data, 'hid') });
    expect([
      faults,
      layouts[0]?.layout.devices,
      layouts[0]?.layout.controls.map(({ name, bit }: HidControl) => [name, bit]),
    ]).toEqual([
      [],
      [{ vendor: '0b33', product: '0020' }],
      [
        ['stop', 1],
        ['go', 0],
      ],
    ]);
    await writeFile(join(data, 'hid', 'mine.json'), '{}');
    await expect(
      press(['learn', pad, 'go', ...write], ['00 00 01 00 00', '00 00 00 00 00', '00 00 01 00 00']),
    ).rejects.toMatchObject({ code: 'bad-layout' });
    expect(await readFile(join(data, 'hid', 'mine.json'), 'utf8')).toBe('{}');
    expect(ports.openPaths).toEqual([]);
  });

  it('[HI20] says that nothing was pressed, and refuses what it cannot take', async () => {
    const { run, clock } = make();
    const running = run(['learn', pad, 'go']);
    await clock.advanceAsync(22_000);
    const [code, out, words] = await running;
    expect([code, out]).toEqual([1, '']);
    expect(words).toContain('Nothing was pressed or moved.');
    const wrong = [
      [],
      ['shout'],
      ['watch'],
      ['watch', '/dev/hidraw0'],
      ['watch', pad, 'x'],
      ['learn', pad],
      ['learn', pad, 'a b'],
      ['learn', pad, 'a', '--write', '../x'],
      ['watch', pad, '--part', 'pad'],
    ];
    for (const args of wrong) await expect(run(args)).rejects.toMatchObject({ code: 'bad-flag' });
    await expect(run(['watch', 'hid=0b33:0030'])).rejects.toThrow('The device 0b33:0030 is not plugged in.');
  });
});

function make() {
  const [ports, clock, data] = [new FakeHidPorts(), new SimulatedClock(), temporaryFolder()];
  ports.infos = [hidInfo()];
  const run = async (
    args: readonly string[],
    stopping?: NonNullable<Parameters<typeof runHidCommand>[1]['stopping']>,
  ): Promise<[number, string, string]> => {
    let [out, words] = ['', ''];
    const io = {
      stdout: { write: (part: string, done?: () => void) => ((out += part), done?.(), true) },
      stderr: { write: (part: string) => (words += part) },
      ...(stopping && { stopping }),
    };
    const code = await runHidCommand([...args, '--data', data], io, { clock, access: () => fakeAccess(ports, clock) });
    return [code, out, words];
  };
  return { run, ports, clock, data };
}
