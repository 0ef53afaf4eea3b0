import { describe, expect, it } from 'vitest';
import type { DeviceState, DeviceStatus } from '../../src-main/contract/device.ts';
import { emptyShow } from '../../src-main/contract/show.ts';
import { createEventHub } from '../../src-main/engine/event-hub.ts';
import { describeReadiness } from '../../src-main/engine/readiness.ts';
import { oscSettings } from '../bridges/bridge-settings.ts';
import { silentLog } from '../silent-log.ts';
import { SimulatedClock } from '../simulated-clock.ts';

function bench(...states: DeviceState[]) {
  const clock = new SimulatedClock();
  const hub = createEventHub(silentLog);
  const statuses = states.map((state, i) => status(`b${i}`, state));
  const bridges = states.map((_, i) => ({ ...oscSettings(), id: `b${i}`, name: `Bridge ${i}` }));
  let settled = false;
  const readiness = describeReadiness({
    clock,
    hub,
    show: {
      document: { ...emptyShow('gala', 'Gala'), bridges },
      state: () => ({
        name: 'Gala',
        file: null,
        unsaved: true,
        savedAt: null,
        undoLabel: 'x',
        redoLabel: null,
        saveProblem: null,
      }),
    },
    devices: () => statuses,
    claspUrl: 'ws://here/clasp',
    transports: [{ kind: 'websocket', url: 'ws://here/clasp' }],
    rendezvousUrl: undefined,
    ui: undefined,
  });
  void readiness.then(() => (settled = true));
  const change = (i: number, state: DeviceState): void => {
    statuses[i] = status(`b${i}`, state);
    hub.emit('devices', statuses);
  };
  return { clock, readiness, change, settled: () => settled };
}

function status(bridgeId: string, state: DeviceState): DeviceStatus {
  const rates = { inPerSecond: 0, outPerSecond: 0, inTotal: 0, outTotal: 0, refusedTotal: 0 };
  return { bridgeId, state, reason: '', url: `url of ${bridgeId}`, seenAt: null, retryAt: null, ...rates };
}

describe('readiness', () => {
  it('[EA26] comes at once when no bridge is on its first try', async () => {
    const { clock, readiness } = bench('off', 'connected', 'broken');
    expect(await readiness).toEqual({
      show: { name: 'Gala', file: null, unsaved: true },
      claspUrl: 'ws://here/clasp',
      transports: [{ kind: 'websocket', url: 'ws://here/clasp' }],
      rendezvousUrl: undefined,
      ui: undefined,
      bridges: ['off', 'connected', 'broken'].map((state, i) => ({
        id: `b${i}`,
        kind: 'osc',
        name: `Bridge ${i}`,
        url: `url of b${i}`,
        status: state,
      })),
    });
    expect(clock.waiting).toBe(0);
  });

  it('[EA26] waits for the last first try, also for one that fails', async () => {
    const { clock, readiness, change, settled } = bench('connecting', 'connecting');
    change(0, 'connected');
    await clock.advanceAsync(100);
    expect(settled()).toBe(false);
    change(1, 'broken');
    expect((await readiness).bridges.map(({ status: state }) => state)).toEqual(['connected', 'broken']);
    expect(clock.waiting).toBe(0);
  });

  it('[EA26] waits half a second at most', async () => {
    const { clock, readiness, settled } = bench('connecting');
    await clock.advanceAsync(499);
    expect(settled()).toBe(false);
    await clock.advanceAsync(1);
    expect((await readiness).bridges[0]?.status).toBe('connecting');
  });
});
