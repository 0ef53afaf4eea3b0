import { describe, expect, it } from 'vitest';
import { emptyShow } from '../../../src-main/contract/show.ts';
import { rigHealth } from '../../../src-renderer/engine/rig-health.ts';
import { FakeEngine } from '../fake-engine.ts';
import { fakeDevice, fakeMapping, fakeOscBridge } from '../fake-parts.ts';
import { attachedState } from '../page-host.ts';

describe('rig health', () => {
  it('[UI13] is empty when nothing is wrong', async () => {
    expect(rigHealth(await attachedState(new FakeEngine()))).toEqual([]);
  });

  it('[UI13] names the worst first, each with its reason and the place to put it right', async () => {
    const engine = new FakeEngine({
      ...emptyShow('s', 'S'),
      bridges: [fakeOscBridge(1, 'foyer'), fakeOscBridge(2, 'truss-2')],
      mappings: [fakeMapping(11)],
    });
    engine.devices = [
      fakeDevice('b1', { state: 'late', reason: 'Nothing heard for 4 s.' }),
      fakeDevice('b2', { state: 'broken', reason: 'Link down on port 14. Retrying in 2 s.' }),
    ];
    engine.problems = [{ mappingId: 'm11', code: 'no-device', reason: 'no device truss-2' }];
    const items = rigHealth(await attachedState(engine));
    expect(items.map((item) => [item.severity, item.fact])).toEqual([
      ['broken', 'truss-2 is broken'],
      ['broken', 'Set 11 is broken'],
      ['late', 'foyer is late'],
    ]);
    expect(items[1]).toMatchObject({ reason: 'no device truss-2', go: { area: 'patch', request: { id: 'm11' } } });
  });

  it('[UI80] says only that there is no engine while there is none', async () => {
    const engine = new FakeEngine({ ...emptyShow('s', 'S'), bridges: [fakeOscBridge(1, 'foyer')] });
    engine.devices = [fakeDevice('b1', { state: 'broken' })];
    const state = await attachedState(engine);
    state.connection = 'lost';
    state.connectionReason = 'The engine does not answer.';
    expect(rigHealth(state).map(({ fact, reason }) => [fact, reason])).toEqual([
      ['No engine', 'Nothing can be changed. The engine does not answer.'],
    ]);
  });

  it('[UI13] says nothing of a locked set, and says that a show is not saved', async () => {
    const engine = new FakeEngine({ ...emptyShow('s', 'S'), mappings: [fakeMapping(1, { enabled: false })] });
    engine.problems = [{ mappingId: 'm1', code: 'no-device', reason: 'no device x' }];
    const state = await attachedState(engine);
    engine.patchShow({ saveProblem: 'The disk is full.' });
    expect(rigHealth(state).map((item) => item.fact)).toEqual(['The show is not saved']);
  });
});
