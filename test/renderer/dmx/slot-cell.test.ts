import { describe, expect, it } from 'vitest';
import { slotFlags } from '../../../src-main/contract/dmx.ts';
import { layPatch } from '../../../src-main/contract/patched-fixture.ts';
import { channelLevels } from '../../../src-renderer/dmx/channel-levels.ts';
import { slotLabels } from '../../../src-renderer/dmx/fixture-labels.ts';
import { columnsFor, slotAfter } from '../../../src-renderer/dmx/grid-keys.ts';
import { historyMs, LevelHistory } from '../../../src-renderer/dmx/level-history.ts';
import { noteChanges, slotCells, type GridMode } from '../../../src-renderer/dmx/slot-cell.ts';
import { countFlags, describeCell, levelWords, sourceWords } from '../../../src-renderer/dmx/universe-words.ts';
import { bytes, fixtureAt, flyrail, house, par, universe } from './rig.ts';

const still = { changedAt: new Float64Array(512), now: 5000 };
const view = universe({
  levels: bytes({ 1: 255, 2: 128, 3: 10 }),
  winners: bytes({ 1: 0, 2: 1 }, 255),
  flags: bytes({ 2: slotFlags.contested, 3: slotFlags.parked, 4: slotFlags.asked }),
  sources: [flyrail, house],
});

describe('the grid of a universe', () => {
  it.each<[GridMode, readonly string[]]>([
    ['level', ['255', '128', '10', '0', '']],
    ['percent', ['100', '50', '4', '0', '']],
    ['source', ['Fly', 'hl', '–', '–', '']],
    ['priority', ['100', '90', '–', '–', '']],
  ])('[UI530] shows %s in the slots that are sent, parked or asked for, and nothing in the others', (mode, texts) => {
    expect(
      slotCells(view, { ...still, mode })
        .slice(0, 5)
        .map(({ text }) => text),
    ).toEqual(texts);
  });

  it('[UI530] fills a slot by its level in the pattern of its source, and frames what is contested or parked', () => {
    const [first, second, third, fourth] = slotCells(view, { ...still, mode: 'level' });
    expect([first, second]).toMatchObject([
      { fill: 100, source: 0, wanted: true, contested: false },
      { fill: 50, source: 1, contested: true, parked: false },
    ]);
    expect([third, fourth]).toMatchObject([
      { source: -1, wanted: true, parked: true },
      { source: -1, wanted: true, parked: false, contested: false },
    ]);
    const unasked = universe({ winners: new Uint8Array(512), sources: [flyrail] });
    expect(slotCells(unasked, { ...still, mode: 'level' })[0]).toMatchObject({ text: '0', wanted: false });
  });

  it('[UI531] shows a level as moving for a second after it changed, and never at first sight', () => {
    const changedAt = new Float64Array(512);
    const isMoving = (now: number): boolean | undefined =>
      slotCells(view, { mode: 'level', changedAt, now })[0]?.moving;
    noteChanges(changedAt, { before: undefined, levels: view.levels, now: 1000 });
    expect(isMoving(1000)).toBe(false);
    noteChanges(changedAt, { before: bytes({ 2: 128, 3: 10 }), levels: view.levels, now: 2000 });
    expect([isMoving(2999), isMoving(3000)]).toEqual([true, false]);
    expect([...changedAt.subarray(1, 4)]).toEqual([0, 0, 0]);
  });

  it('[UI532] takes the arrows by slots and rows, and keeps to the universe', () => {
    expect(
      ['ArrowRight', 'ArrowLeft', 'ArrowDown', 'ArrowUp', 'Home', 'End', 'a'].map((key) => slotAfter(key, 40, 32)),
    ).toEqual([41, 39, 72, 8, 1, 512, undefined]);
    expect([slotAfter('ArrowUp', 3, 32), slotAfter('ArrowDown', 500, 32), slotAfter('ArrowLeft', 1, 32)]).toEqual([
      3, 500, 1,
    ]);
    expect([slotAfter('PageDown', 500, 32), slotAfter('PageUp', 40, 8)]).toEqual([512, 8]);
    expect([1000, 700, 300].map(columnsFor)).toEqual([32, 16, 8]);
  });

  it('[UI533] says a slot in words, with its fixture and who wins it', () => {
    const [first, second, , , fifth] = slotCells(view, { ...still, mode: 'percent' });
    if (!first || !second || !fifth) throw new Error('no cells');
    expect(describeCell(first, { view, fixture: 'PAR 1' })).toBe('slot 1, 255, PAR 1, Flyrail');
    expect(describeCell(second, { view, fixture: undefined })).toBe('slot 2, 128, house-lx, contested');
    expect(describeCell(fifth, { view, fixture: undefined })).toBe('slot 5, nothing sent');
    expect([sourceWords(flyrail), sourceWords({ ...house, priority: null })]).toEqual(['prio 100, 2 slots', '1 slot']);
    expect(countFlags(view.flags)).toEqual({ contested: 1, parked: 1 });
  });

  it('[UI533] says of a level who wins it, or that it is parked', () => {
    const source = { id: 'a', name: 'Flyrail', priority: 100, level: 158, wins: true };
    const slot = {
      bridgeId: 'node-a',
      universe: 1,
      slot: 17,
      direction: 'out',
      level: 158,
      asked: 158,
      parked: null,
      from: null,
    } as const;
    const rest = { contested: false, fixture: null, drivers: [], because: '' };
    expect([
      levelWords({ ...slot, ...rest, sources: [] }),
      levelWords({ ...slot, ...rest, sources: [source] }),
      levelWords({ ...slot, ...rest, sources: [source, { ...source, id: 'b', wins: false }] }),
      levelWords({ ...slot, ...rest, parked: 158, sources: [source] }),
    ]).toEqual(['62 %', '62 %, by Flyrail', '62 %, Flyrail wins', '62 %, parked']);
  });
});

describe('fixtures in the grid', () => {
  const patched = layPatch({
    profiles: [par],
    patch: [fixtureAt(5), fixtureAt(9, { mode: '1 slot' }), fixtureAt(9, { id: 'x', universe: 2 })],
  });

  it('[UI534] stand over their slots with their names, in their universe alone', () => {
    const labels = slotLabels(patched, { bridgeId: 'node-a', universe: 1 });
    expect([...labels.keys()]).toEqual([5, 6, 7, 9]);
    expect([labels.get(5), labels.get(6)]).toEqual([
      { fixtureId: 'f5', isFirst: true, name: 'PAR 5', of: 'PAR 5' },
      { fixtureId: 'f5', isFirst: false, of: 'PAR 5' },
    ]);
    expect(slotLabels(patched, { bridgeId: 'other', universe: 1 }).size).toBe(0);
  });

  it('[UI534] tell their channels as they leave, all bytes of one together', () => {
    const [first] = patched;
    if (!first) throw new Error('no fixture');
    expect(channelLevels(first, universe({ levels: bytes({ 5: 128, 6: 1, 7: 51 }) }))).toEqual([
      { key: 'dimmer', name: 'Dimmer', raw: 32_769, share: 32_769 / 65_535 },
      { key: 'red', name: 'Red', raw: 51, share: 0.2 },
    ]);
    const moved = universe({
      asked: bytes({ 5: 128, 6: 1 }),
      flags: bytes({ 5: 16, 6: 16 }),
      levels: bytes({ 7: 51 }),
    });
    expect(channelLevels(first, moved).map(({ raw }) => raw)).toEqual([32_769, 51]);
  });
});

describe('the trace of a slot', () => {
  it('[UI535] has the newest level at the left and four seconds behind it, and forgets what is older', () => {
    const history = new LevelHistory();
    expect(history.line(0, { width: 200, height: 44 })).toBe('');
    for (let at = 0; at <= 3 * historyMs; at += 100) history.add(at, at === 3 * historyMs ? 255 : 0);
    const points = history.line(3 * historyMs, { width: 200, height: 44 }).split(' ');
    expect([points[0], points[1], points.at(-1)]).toEqual(['0.0,1.0', '5.0,43.0', '200.0,43.0']);
    expect(points.length).toBeLessThan(45);
    expect(history.line(3 * historyMs + 1000, { width: 200, height: 44 })).toMatch(/^0\.0,1\.0 50\.0,1\.0 /);
  });
});
