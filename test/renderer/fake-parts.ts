import type { DeviceStatus } from '../../src-main/contract/device.ts';
import type { SlotPlace, SlotView } from '../../src-main/contract/dmx.ts';
import type { EngineStats, LiveMapping } from '../../src-main/contract/live-events.ts';
import type { RemoteState } from '../../src-main/contract/remote-access.ts';
import { bridgeSchema, mappingSchema, type Bridge, type Mapping } from '../../src-main/contract/show.ts';
import { f64, type Value } from '../../src-main/contract/signal.ts';
import { micros, millis } from '../../src-main/contract/units.ts';

/** A dark slot that nobody sends. */
export const slotView: Omit<SlotView, keyof SlotPlace> = {
  direction: 'out',
  level: 0,
  asked: null,
  parked: null,
  from: null,
  contested: false,
  fixture: null,
  sources: [],
  drivers: [],
  because: 'Nobody sends it.',
};

/** An interface that only this machine reaches, and nobody there. */
export function fakeRemote(change: Partial<RemoteState> = {}): RemoteState {
  const nobody = { sessions: [], pins: [], pairing: null, paired: [] };
  return { reach: 'loopback', urls: [], encrypted: false, ...nobody, ...change };
}

/** A mapping with sensible defaults; `number` also makes its id: `m3`. */
export function fakeMapping(number: number, change: Partial<Mapping> = {}): Mapping {
  return mappingSchema.parse({
    id: `m${number}`,
    number,
    source: { pattern: `/desk/fader/${number}` },
    target: { address: `/sacn/1/${number}` },
    transforms: [],
    ...change,
  });
}

/** An OSC bridge; `number` also makes its id: `b2`. */
export function fakeOscBridge(number: number, name: string, change: Partial<Bridge> = {}): Bridge {
  return bridgeSchema.parse({
    id: `b${number}`,
    number,
    name,
    kind: 'osc',
    settings: {
      direction: 'both',
      listenHost: '0.0.0.0',
      listenPort: 8000 + number,
      targets: [{ host: '192.168.10.40', port: 9000 }],
      prefix: '/osc',
    },
    ...change,
  });
}

export function fakeSacnBridge(number: number, name: string, change: Partial<Bridge> = {}): Bridge {
  return bridgeSchema.parse({
    id: `b${number}`,
    number,
    name,
    kind: 'sacn',
    settings: {
      universes: [{ first: 1, last: 4, priority: 100 }],
      mode: 'multicast',
      unicastTo: [],
      networkCard: '',
      sourceName: name,
      cid: '00000000-0000-4000-8000-000000000001',
    },
    ...change,
  });
}

export function fakeDevice(bridgeId: string, change: Partial<DeviceStatus> = {}): DeviceStatus {
  return {
    bridgeId,
    state: 'connected',
    reason: 'Listening on port 8000.',
    url: '0.0.0.0:8000',
    seenAt: millis(1_795_295_640_000),
    inPerSecond: 0,
    outPerSecond: 0,
    inTotal: 0,
    outTotal: 0,
    refusedTotal: 0,
    retryAt: null,
    ...change,
  };
}

export function fakeLive(mappingId: string, atMs: number, change: Partial<LiveMapping> = {}): LiveMapping {
  const value: Value = f64(0.5);
  return {
    mappingId,
    source: value,
    target: value,
    sourceAddress: '/desk/fader/1',
    targetAddress: '/sacn/1/1',
    kind: 'param',
    at: millis(atMs),
    count: 1,
    refused: null,
    latencyMicros: micros(310),
    ...change,
  };
}

export function fakeStats(change: Partial<EngineStats> = {}): EngineStats {
  return {
    at: millis(1_795_295_647_000),
    messagesPerSecond: 1284,
    dropped: 0,
    refused: 0,
    sessions: 3,
    params: 48,
    routeP99Micros: micros(410),
    uptimeSeconds: 3600,
    ...change,
  };
}
