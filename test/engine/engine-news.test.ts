import { describe, expect, it } from 'vitest';
import type { DeviceState, DeviceStatus } from '../../src-main/contract/device.ts';
import type { ShowState } from '../../src-main/contract/engine-api.ts';
import { millis } from '../../src-main/contract/units.ts';
import { tellNews, type EngineNews } from '../../src-main/engine/engine-news.ts';
import { createEventHub } from '../../src-main/engine/event-hub.ts';
import { oscSettings } from '../bridges/bridge-settings.ts';
import { silentLog } from '../silent-log.ts';

function bench() {
  const hub = createEventHub(silentLog);
  const news: EngineNews[] = [];
  const bridges = [{ ...oscSettings(), id: 'desk' }];
  const cancel = tellNews({ hub, bridges: () => bridges, onNews: (each) => news.push(each) });
  return { hub, news, cancel };
}

function show(savedAt: number | null, more: Partial<ShowState> = {}): ShowState {
  const saved = { file: 'gala', unsaved: false, savedAt: savedAt === null ? null : millis(savedAt), saveProblem: null };
  return { name: 'Gala', undoLabel: null, redoLabel: null, ...saved, ...more };
}

function status(bridgeId: string, state: DeviceState): DeviceStatus {
  const rates = { inPerSecond: 0, outPerSecond: 0, inTotal: 0, outTotal: 0, refusedTotal: 0 };
  return { bridgeId, state, reason: `it is ${state}`, url: '', seenAt: null, retryAt: null, ...rates };
}

describe('news of the engine', () => {
  it('[EA24] tell each save once, with its time, and no save that failed', () => {
    const { hub, news } = bench();
    hub.emit('show', show(null));
    hub.emit('show', show(1000));
    hub.emit('show', show(1000, { saveProblem: 'the disk is full' }));
    hub.emit('show', show(1000));
    hub.emit('show', show(2000));
    expect(news).toEqual([
      { event: 'show-saved', name: 'Gala', file: 'gala', at: '1970-01-01T00:00:01.000Z' },
      { event: 'show-saved', name: 'Gala', file: 'gala', at: '1970-01-01T00:00:02.000Z' },
    ]);
  });

  it('[EA25] tell each change of a bridge, of those in the show, and of one that comes again anew', () => {
    const { hub, news } = bench();
    hub.emit('devices', [status('desk', 'connecting'), status('gone', 'connected')]);
    hub.emit('devices', [status('desk', 'connected')]);
    hub.emit('devices', [status('desk', 'connected')]);
    hub.emit('devices', []);
    hub.emit('devices', [status('desk', 'connected')]);
    const told = (state: DeviceState) => ({
      event: 'bridge-status',
      id: 'desk',
      kind: 'osc',
      status: state,
      reason: `it is ${state}`,
    });
    expect(news).toEqual([told('connecting'), told('connected'), told('connected')]);
  });

  it('[EA24] tell the end, and nothing after they were cancelled', () => {
    const { hub, news, cancel } = bench();
    hub.emit('stopping', { reason: 'SIGINT' });
    cancel();
    hub.emit('show', show(1000));
    expect(news).toEqual([{ event: 'stopping', reason: 'SIGINT' }]);
  });
});
