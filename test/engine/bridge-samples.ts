import type { DeviceState, DeviceStatus } from '../../src-main/contract/device.ts';
import {
  bridgeSchema,
  mappingSchema,
  type Mapping,
  type OscBridge,
  type SacnBridge,
} from '../../src-main/contract/show.ts';

/** Bridges and mappings as an operator would make them, with only the part that matters to the test spelled out. */
export function sampleOsc(id: string, settings: Partial<OscBridge['settings']> = {}, enabled = true): OscBridge {
  return bridgeSchema.parse({
    id,
    number: 1,
    name: id,
    enabled,
    kind: 'osc',
    settings: {
      direction: 'both',
      listenHost: '127.0.0.1',
      listenPort: 8000,
      targets: [{ host: '127.0.0.1', port: 9000 }],
      prefix: '/osc',
      ...settings,
    },
  }) as OscBridge;
}

export function sampleSacn(id: string, settings: Partial<SacnBridge['settings']> = {}, enabled = true): SacnBridge {
  return bridgeSchema.parse({
    id,
    number: 2,
    name: id,
    enabled,
    kind: 'sacn',
    settings: {
      universes: [{ first: 1, last: 2, priority: 100 }],
      mode: 'unicast',
      unicastTo: ['127.0.0.1'],
      networkCard: '',
      sourceName: 'Flyrail',
      cid: '1f0e7a44-0f6f-4c11-9a49-0d6a3a2a7a51',
      ...settings,
    },
  }) as SacnBridge;
}

export function sampleMapping(number: number, path: { from: string; to: string }, enabled = true): Mapping {
  return mappingSchema.parse({
    id: `m${number}`,
    number,
    enabled,
    source: { pattern: path.from },
    target: { address: path.to },
    transforms: [],
  });
}

export function sampleStatus(bridgeId: string, state: DeviceState, reason = ''): DeviceStatus {
  const none = {
    inPerSecond: 0,
    outPerSecond: 0,
    inTotal: 0,
    outTotal: 0,
    refusedTotal: 0,
    seenAt: null,
    retryAt: null,
  };
  return { bridgeId, state, reason, url: '', ...none };
}
