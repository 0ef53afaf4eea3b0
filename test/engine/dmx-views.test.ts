import { describe, expect, it } from 'vitest';
import type { SlotPlace } from '../../src-main/contract/dmx.ts';
import type { LiveMapping } from '../../src-main/contract/live-events.ts';
import { parseAddress } from '../../src-main/contract/address.ts';
import { emptyShow, type ShowDocument } from '../../src-main/contract/show.ts';
import { bool, f64, integer } from '../../src-main/contract/signal.ts';
import { millis } from '../../src-main/contract/units.ts';
import { DmxViews, waitingMax } from '../../src-main/engine/dmx-views.ts';
import { describeDrivers } from '../../src-main/engine/slot-drivers.ts';
import { sampleFixture } from '../arbitrary-patch.ts';
import { artnetSettings, oscSettings, sacnSettings } from '../bridges/bridge-settings.ts';
import { sampleMapping } from '../show-samples.ts';
import { dmxBench } from './dmx-bench.ts';

const place = { bridgeId: 'sacn1', universe: 1 };

function viewBench() {
  const bench = dmxBench();
  let document: ShowDocument = emptyShow('s', 'S');
  const senders = new Map<string, string>();
  const live: LiveMapping[] = [];
  const views = new DmxViews({
    ...{ desk: bench.dmx.control.desk, router: bench.router, document: () => document, live: () => live },
    senderTo: (address) => senders.get(address),
  });
  const load = (some: Partial<ShowDocument> = {}): void => void (document = bench.load(some));
  const who = (slot: SlotPlace['slot']) => views.slot({ ...place, slot });
  return { ...bench, load, views, who, senders, live };
}

describe('what an operator sees of DMX', () => {
  it('[AN36] lists port addresses as a node shows them too', () => {
    const { load, views } = viewBench();
    load({ bridges: [{ ...artnetSettings({ universes: [{ first: 15, last: 16 }] }), number: 1 }] });
    expect(views.list().map(({ universe, shown }) => [universe, shown])).toEqual([
      [15, '15 (0.0.15)'],
      [16, '16 (0.1.0)'],
    ]);
  });

  it('[AN38] knows who drives a slot that was asked for in the long form of a port address', () => {
    const { load, dmx, put, clock, views } = viewBench();
    const node = { ...artnetSettings(), id: 'node', number: 1 };
    load({ bridges: [node] });
    const levels = new Uint8Array(512).fill(9);
    const addressOf = () => parseAddress('/artnet/303/17');
    const asked = (universe: number) => (universe === 303 ? { universe, levels, addressOf } : undefined);
    dmx.control.desk.join('node', { asked, universes: () => [303], refinish: () => undefined });
    const who = () => views.slot({ bridgeId: 'node', universe: 303, slot: 17 }).drivers.map(({ address }) => address);
    expect(who()).toEqual([]);
    put('/artnet/1/2/15/17', integer(9));
    expect(who()).toEqual(['/artnet/1/2/15/17']);
    clock.advance(1);
    put('/artnet/303/17', integer(9));
    expect(who()).toEqual(['/artnet/303/17']);
  });

  it('[DK23] shows what stays of a universe that nobody drives any more, with who sent it last', () => {
    const { load, dmx, views } = viewBench();
    load();
    const levels = new Uint8Array(512).fill(9);
    const last = { name: 'Desk A', silentMs: millis(12_000) };
    const heard = { levels, sources: [], last, winnerOf: () => undefined };
    dmx.control.desk.hear('sacn1', { universes: () => [7], heard: (universe) => (universe === 7 ? heard : undefined) });
    const at = { bridgeId: 'sacn1', universe: 7 };
    expect(views.universe(at)).toMatchObject({ direction: 'in', isRunning: true, levels, sources: [] });
    expect(views.slot({ ...at, slot: 17 })).toMatchObject({
      level: 9,
      because: 'Nobody sends it. Desk A sent the universe last, 12 s ago; its levels stay.',
    });
    expect(views.slot({ ...at, universe: 8, slot: 17 }).because).toBe('The universe does not run.');
  });

  it('[DK17] follows a level from its fixture by a mapping to the bridge that it came from', () => {
    const { load, router, put, who, senders } = viewBench();
    const target = { ...sampleMapping(1).target, address: '/fixtures/par-5/dimmer' };
    const mapping = { ...sampleMapping(1, ''), source: { pattern: '/osc/fader/1' }, target };
    const desk = { ...oscSettings(), id: 'foh', name: 'foh-desk' };
    load({ patch: [sampleFixture()], mappings: [mapping], bridges: [desk, ...[]] });
    load({ patch: [sampleFixture()], mappings: [mapping], bridges: [desk, { ...sacn(), number: 2 }] });
    router.openLocal('bridge:foh').publish([{ kind: 'param', address: '/osc/fader/1' as never, value: f64(1) }]);
    router
      .openLocal('mappings')
      .publish([{ kind: 'param', address: '/fixtures/par-5/dimmer' as never, value: f64(1) }]);
    senders.set('/fixtures/par-5/dimmer', mapping.id);
    const view = who(17);
    expect(view.drivers.map(({ kind, name, address }) => [kind, name, address])).toEqual([
      ['fixture', 'PAR 5, dimmer', '/sacn/1/17'],
      ['mapping', 'set 1', '/fixtures/par-5/dimmer'],
      ['bridge', 'foh-desk', '/osc/fader/1'],
    ]);
    expect(view.because).toBe('PAR 5, dimmer drives it, by set 1, from foh-desk.');
    expect(view.fixture).toMatchObject({
      name: 'PAR 5',
      channel: 'Dimmer',
      byte: 'coarse',
      value: 1,
      address: '/fixtures/par-5/dimmer',
    });
    expect(who(18).fixture).toMatchObject({ byte: 'fine' });
    expect(who(20).fixture).toMatchObject({ channel: 'Pan', range: 'right' });
    put('/sacn/1/17', integer(4));
    expect(who(17)).toMatchObject({ asked: 4, because: 'sent by hand drives it.' });
  });

  it('[DK17] ends where mappings go in circles, and where nobody remembers which of them it was', () => {
    const { load, router, who, senders, live } = viewBench();
    const pair = [sampleMapping(1), sampleMapping(2)].map((mapping, i) => ({
      ...mapping,
      source: { pattern: `/sacn/1/${2 - i}` },
      target: { ...mapping.target, address: `/sacn/1/${i + 1}` },
    }));
    load({ mappings: pair });
    const mappings = router.openLocal('mappings');
    for (const slot of [1, 2])
      mappings.publish([{ kind: 'param', address: `/sacn/1/${slot}` as never, value: integer(slot) }]);
    senders.set('/sacn/1/1', 'm1').set('/sacn/1/2', 'm2');
    expect(who(1).drivers.map(({ name }) => name)).toEqual(['set 1, set 1', 'set 2, set 2']);
    senders.clear();
    expect(who(1).because).toBe('a set drives it.');
    expect(live).toEqual([]);
    expect(describeDrivers([])).toBe('Nobody has asked for a level.');
  });

  it('[DK17] knows who streams a level, and a client by what it calls itself', () => {
    const { load, put, who } = viewBench();
    load();
    put('/sacn/1/9', integer(1));
    put('/sacn/1/9', f64(0.5), 'stream');
    expect(who(9)).toMatchObject({ level: 128, drivers: [{ kind: 'hand', address: '/sacn/1/9' }] });
    expect(who(10)).toMatchObject({ asked: null, drivers: [], because: 'Nobody has asked for a level.' });
  });

  it('[DK12] says what holds a level that nobody asked for: park, master or blackout', () => {
    const { load, put, who, clock } = viewBench();
    load();
    put('/sacn/1/1', integer(200));
    put('/flyrail/dmx/master', f64(0.5));
    clock.advance(50);
    expect(who(1).because).toBe('The grand master reduces it at 100. sent by hand drives it.');
    put('/flyrail/dmx/blackout', bool(true));
    expect(who(1).because).toBe('Blackout holds it at 0. sent by hand drives it.');
    put('/flyrail/dmx/park/sacn/1/1', integer(9));
    expect(who(1)).toMatchObject({ parked: 9, level: 9, because: 'It is parked at 9. sent by hand drives it.' });
  });

  it('[DK22] says of a slot that the soft patch moved where it leaves, and of where it leaves what stands there', () => {
    const { load, put, who, clock } = viewBench();
    const to = [
      { universe: 1, slot: 101 },
      { universe: 2, slot: 5 },
    ];
    const line = { id: 's1', bridgeId: 'sacn1', universe: 1, slot: 17, count: 2, to };
    const gone = { ...line, id: 's2', slot: 30, count: 1, to: [] };
    load({ patch: [sampleFixture()], softPatch: [line, gone] });
    put('/fixtures/par-5/dimmer', f64(0.5));
    clock.advance(50);
    expect(who(17)).toMatchObject({
      level: 0,
      because: 'What is asked of it leaves at 1.101, 2.5, by the soft patch.',
    });
    expect(who(18).because).toBe('What is asked of it leaves at 1.102, 2.6, by the soft patch.');
    expect(who(30).because).toBe('What is asked of it leaves nowhere, by the soft patch.');
    const half = {
      from: { universe: 1, slot: 17 },
      fixture: { channel: 'Dimmer', byte: 'coarse', value: 0x8000 / 0xffff },
    };
    expect(who(101)).toMatchObject({
      level: 0x80,
      ...half,
      because: expect.stringContaining('PAR 5, dimmer') as string,
    });
    put('/flyrail/dmx/master', f64(0.5));
    clock.advance(50);
    expect(who(102).fixture).toMatchObject({ byte: 'fine', value: 0x4000 / 0xffff });
  });

  it('[DK12] lists universes that run and those that have not begun, and shows one with its sources', () => {
    const { load, put, views } = viewBench();
    load({ bridges: [{ ...sacn(), enabled: false }, oscSettings()] });
    expect(views.list()).toEqual([]);
    const wide = sacnSettings({ universes: [{ first: 1, last: 63_999, priority: 100 }] });
    load({ bridges: [wide] });
    expect(views.list().map(({ universe }) => universe)).toEqual(Array.from({ length: waitingMax }, (_, i) => i + 1));
    load();
    put('/sacn/2/1', integer(200));
    put('/sacn/1/1', integer(200));
    put('/flyrail/dmx/park/sacn/2/5', integer(1));
    const entry = { bridgeId: 'sacn1', bridgeName: 'Stage', direction: 'out', isRunning: true, parked: 0 };
    expect(views.list()).toEqual([
      { ...entry, universe: 1, shown: '1' },
      { ...entry, universe: 2, shown: '2', parked: 1 },
      { ...entry, universe: 3, shown: '3', isRunning: false },
      { ...entry, universe: 4, shown: '4', isRunning: false },
    ]);
    const view = views.universe(place);
    expect(view).toMatchObject({
      direction: 'out',
      isRunning: true,
      master: 1,
      blackout: false,
      sources: [{ name: 'Flyrail', priority: 100 }],
    });
    expect([view.levels[0], view.asked[0], view.winners[0], view.flags[0]]).toEqual([200, 200, 0, 1]);
    expect(views.universe({ ...place, universe: 3 }).isRunning).toBe(false);
    expect(() => views.universe({ ...place, bridgeId: 'gone' })).toThrow('The show has no bridge gone.');
    expect(views.tryUniverse({ ...place, bridgeId: 'gone' })).toBeUndefined();
  });

  it('[DK17] goes by the slot’s own writer where an output handed on an array of them all', () => {
    const { load, put, output, who } = viewBench();
    load();
    put('/sacn/1/1', integer(1));
    put('/sacn/1/17', integer(2));
    output.apply(output.held());
    expect(who(17).drivers).toMatchObject([{ kind: 'hand', address: '/sacn/1/17' }]);
  });
});

function sacn() {
  return dmxBench().load().bridges[0] as never as ShowDocument['bridges'][number];
}
