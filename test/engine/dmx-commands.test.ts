import { describe, expect, it } from 'vitest';
import { emptyShow } from '../../src-main/contract/show.ts';
import { bool, f64, integer, nullValue } from '../../src-main/contract/signal.ts';
import type { Edit } from '../../src-main/contract/show-edit.ts';
import { dmxCommands, type DmxParts } from '../../src-main/engine/dmx-commands.ts';
import { DmxViews } from '../../src-main/engine/dmx-views.ts';
import { dmxBench } from './dmx-bench.ts';

const place = { bridgeId: 'sacn1', universe: 1, slot: 5 };

function commandBench() {
  const { router, hand, clock, dmx, load, get, now } = dmxBench();
  const document = load();
  const edits: Edit[] = [];
  const show = {
    edit: (edit: Edit) => {
      edits.push(edit);
      return Promise.resolve({ revision: 2, show: {} });
    },
  } as unknown as DmxParts['show'];
  const views = new DmxViews({
    ...{ desk: dmx.control.desk, router, document: () => document, live: () => [], senderTo: () => undefined },
  });
  const started: string[] = [];
  const feeds = { start: (event: string) => started.push(event), stop: (event: string) => started.push(`no ${event}`) };
  const parts: DmxParts = { dmx: dmx.control, views, router, clock, hand, show };
  return { commands: dmxCommands(parts, feeds as never, (state) => state), get, now, edits, started, router };
}

describe('the commands on DMX', () => {
  it('[DK21] set what a client would set', async () => {
    const { commands, get, now } = commandBench();
    await commands.setMaster({ level: 0.5 });
    await commands.setBlackout({ on: true });
    await commands.parkSlot({ ...place, level: 9 });
    const address = '/flyrail/dmx/park/sacn/1/5';
    expect(['/flyrail/dmx/master', '/flyrail/dmx/blackout', address].map(get)).toEqual([
      f64(0.5),
      bool(true),
      integer(9),
    ]);
    await commands.testSlot({ ...place, level: 77 });
    expect(now(1, 5)).toBe(77);
    await commands.testSlot({ ...place, level: null });
    expect(now(1, 5)).toBe(9);
    expect(await commands.inspectSlot(place)).toMatchObject({ parked: 9 });
    await commands.unparkAll();
    expect([get(address), now(1, 5)]).toEqual([nullValue, 0]);
    expect((await commands.listUniverses())[0]).toMatchObject({ universe: 1, isRunning: true, parked: 0 });
  });

  it('[DK21] are refused for a bridge that the show does not have, and tell why the router refused', async () => {
    const { commands, router, started } = commandBench();
    const gone = { ...place, bridgeId: 'gone' };
    for (const asked of [
      commands.parkSlot({ ...gone, level: 1 }),
      commands.testSlot({ ...gone, level: 1 }),
      commands.inspectSlot(gone),
    ])
      await expect(asked).rejects.toMatchObject({ code: 'unknown-id' });
    await expect(commands.watchUniverse({ bridgeId: 'gone', universe: 1 })).rejects.toMatchObject({
      code: 'unknown-id',
    });
    await commands.watchUniverse({ bridgeId: 'sacn1', universe: 1 });
    await commands.unwatchUniverse();
    expect(started).toEqual(['universe', 'no universe']);
    const rules = [{ pattern: '/flyrail/dmx/master', range: { min: 0.5, max: 1 } }];
    router.applyRules({ rules, enforceRanges: false, enforceTypes: false });
    await expect(commands.setMaster({ level: 0.1 })).rejects.toMatchObject({ code: 'bad-value' });
  });

  it('[FX16] put an imported profile into the show as one edit that can be undone', async () => {
    const { commands, edits } = commandBench();
    const text = JSON.stringify({
      name: 'Lamp',
      availableChannels: { Dimmer: { capability: { type: 'Intensity' } } },
      modes: [{ name: '1', channels: ['Dimmer'] }],
    });
    expect(await commands.importProfile({ name: 'cameo/lamp.json', text })).toMatchObject({
      profileId: 'cameo-lamp',
      revision: 2,
      notes: [],
    });
    expect(edits).toMatchObject([
      { label: 'import Cameo Lamp', steps: [{ do: 'put', list: 'profiles', item: { id: 'cameo-lamp' } }] },
    ]);
    await expect(commands.importProfile({ name: 'x', text: '{' })).rejects.toMatchObject({ code: 'bad-profile' });
    expect(emptyShow('s', 'S').profiles).toEqual([]);
  });
});
