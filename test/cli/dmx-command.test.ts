import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { SlotView, UniverseView } from '../../src-main/contract/dmx.ts';
import { formatSlot, formatUniverse, formatUniverses } from '../../src-main/cli/dmx-lines.ts';
import { emptyShow } from '../../src-main/contract/show.ts';
import { formatShowFile } from '../../src-main/platform/show-file.ts';
import { sampleFixture, sampleProfile } from '../arbitrary-patch.ts';
import { sacnSettings } from '../bridges/bridge-settings.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { runCli } from './run-cli.ts';

const bytes = (...some: number[]): Uint8Array => {
  const all = new Uint8Array(512);
  all.set(some);
  return all;
};

describe('flyrail dmx', () => {
  it('[DK19] prints universes, a universe and who drives a slot', () => {
    expect(formatUniverses([])).toBe('No bridge sends or hears a universe.\n');
    const entry = {
      bridgeId: 'b',
      bridgeName: 'Stage',
      universe: 1,
      shown: '1',
      direction: 'out',
      isRunning: true,
    } as const;
    expect(formatUniverses([{ ...entry, parked: 2 }])).toBe('U 1     out Stage  2 parked\n');
    expect(formatUniverses([{ ...entry, isRunning: false, parked: 0 }])).toBe('U 1     out Stage  not begun\n');
    const node = { ...entry, universe: 16, shown: '16 (0.1.0)', bridgeName: 'Node', parked: 0 };
    expect(formatUniverses([{ ...entry, parked: 0 }, node])).toBe('U 1          out Stage\nU 16 (0.1.0) out Node\n');
    const view: UniverseView = {
      ...{ bridgeId: 'b', universe: 1, direction: 'out', isRunning: true, master: 0.5, blackout: false },
      ...{ levels: bytes(255, 7, 0), asked: bytes(255), winners: bytes(), flags: bytes(1, 2, 4) },
      sources: [{ id: 'flyrail', name: 'Flyrail', priority: 100, slots: 512, wins: 511 }],
    };
    expect(formatUniverse(view)).toBe(
      `U 1 out  master 50 %\n  1  255    7p   0!${'   0 '.repeat(13).trimEnd()}\np parked   ! contested   - reduced   > soft patch\n` +
        'Flyrail: priority 100, 512 slots, wins 511\n',
    );
    const left = { ...view, direction: 'in', master: 1, levels: bytes(9), flags: bytes(), sources: [] } as const;
    expect(formatUniverse(left)).toMatch(/^U 1 in, nobody sends it now\n {2}1 {4}9/);
    const dark = { ...view, levels: bytes(), flags: bytes(), isRunning: false, blackout: true, sources: [] };
    expect(formatUniverse(dark)).toBe('U 1 out, does not run  BLACKOUT\n');
    const slot: SlotView = {
      ...{ bridgeId: 'b', universe: 1, slot: 17, direction: 'out', level: 158, asked: 158, parked: null, from: null },
      ...{ contested: false, because: 'PAR 5, dimmer drives it.' },
      fixture: {
        ...{ id: 'f', number: 5, name: 'PAR 5', address: '/fixtures/par-5/dimmer', channel: 'Dimmer' },
        ...{ kind: 'intensity', byte: 'coarse', value: 0.62, range: 'open' },
      },
      sources: [{ id: 'x', name: 'backup', priority: null, level: 3, wins: true }],
      drivers: [{ kind: 'fixture', id: 'f', name: 'PAR 5, dimmer', address: '/sacn/1/17', at: null }],
    };
    expect(formatSlot(slot)).toBe(
      '1.17  158  PAR 5, dimmer drives it.\nfixture  PAR 5, Dimmer (coarse)  62.0 %, open\n' +
        'source   backup  3  wins\nby       fixture  PAR 5, dimmer  /sacn/1/17\n',
    );
  });

  it.each([
    [['0x1'], 'UNIVERSE: expected a whole number from 0 to 63999'],
    [['who', '1'], 'SLOT: expected a whole number from 1 to 512'],
    [['who', '1', '513'], 'SLOT'],
    [['master', '1.1'], 'LEVEL: expected a number from 0.0 to 1.0'],
    [['master', '-1'], ''],
    [['blackout'], 'expected blackout on or blackout off'],
    [['park', '1', '2'], 'LEVEL: expected a whole number from 0 to 255'],
    [['park', '1', '2', '3', '4'], 'expected nothing behind 3'],
    [['1', '2'], 'expected nothing behind 1'],
    [['--all'], '--all goes with unpark'],
    [['1', '--data', ''], '--data: expected a path'],
  ])('[DK19] refuses %j before it asks anybody', async (words, reason) => {
    const { code, stderr, stdout } = await runCli('dmx', ...words);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(reason);
  });

  it('[DK19] says that no Flyrail runs there', async () => {
    const { code, stderr } = await runCli('dmx', 'blackout', 'on', '--data', temporaryFolder());
    expect([code, stderr.startsWith('flyrail: ')]).toEqual([2, true]);
    expect((await runCli('dmx', '--help')).stdout).toContain('flyrail dmx who UNIVERSE SLOT');
  });
});

describe('flyrail fixture', () => {
  it.each([
    [[], 'expected import or list'],
    [['import'], 'expected import FILE'],
    [['list', 'a.flyrail', 'b.flyrail'], 'expected one show'],
    [
      ['import', join('test', 'fixtures', 'profiles', 'pixel-bar.json'), 'show.json'],
      'expected a name that ends in .flyrail',
    ],
    [['import', 'package.json', 'show.flyrail'], ''],
  ])('[FX16] refuses %j', async (words, reason) => {
    const { code, stderr } = await runCli('fixture', ...words);
    expect(code).toBe(2);
    expect(stderr).toContain(reason);
  });

  it('[FX20] lists what is patched with the addresses of its channels', async () => {
    const show = join(temporaryFolder(), 'gala.flyrail');
    const bridges = [{ ...sacnSettings(), id: 'sacn1' }];
    const patch = [sampleFixture({ name: 'Spöt A 1' })];
    await writeFile(show, formatShowFile({ ...emptyShow('gala', 'Gala'), bridges, profiles: [sampleProfile], patch }));
    const { stdout } = await runCli('fixture', 'list', show);
    expect(stdout).toContain('   5  Spöt A 1  sacn1 1.17  spot, long\n      /fixtures/spöt-a-1/ with dimmer, ');
    const { fixtures } = JSON.parse((await runCli('fixture', 'list', show, '--json')).stdout) as { fixtures: unknown };
    expect(fixtures).toMatchObject([{ id: 'par5', address: '/fixtures/spöt-a-1', channels: { 0: 'dimmer' } }]);
  });
});
