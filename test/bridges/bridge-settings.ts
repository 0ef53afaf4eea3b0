import { oscBridgeSchema } from '../../src-main/contract/bridges/osc.ts';
import type { OscBridge, SacnBridge } from '../../src-main/contract/show.ts';

const oscDefaults = oscBridgeSchema.shape.settings.parse({});

/** An OSC bridge on loopback, on a free port, as a show describes it. */
export function oscSettings(some: Partial<OscBridge['settings']> = {}): OscBridge {
  return {
    id: 'osc1',
    number: 1,
    name: 'Desk',
    enabled: true,
    onReturn: 'resend',
    kind: 'osc',
    settings: {
      ...oscDefaults,
      listenHost: '127.0.0.1',
      listenPort: 0,
      targets: [{ host: '127.0.0.1', port: 9 }],
      ...some,
    },
  };
}

/** An sACN output of the universes 1-4 on loopback, as a show describes it. */
export function sacnSettings(some: Partial<SacnBridge['settings']> = {}): SacnBridge {
  return {
    id: 'sacn1',
    number: 2,
    name: 'Stage',
    enabled: true,
    onReturn: 'resend',
    kind: 'sacn',
    settings: {
      universes: [{ first: 1, last: 4, priority: 100 }],
      mode: 'multicast',
      unicastTo: [],
      networkCard: 'lo',
      sourceName: 'Flyrail',
      cid: '5e1f2f9a-7f4e-4f0b-9d55-0123456789ab',
      port: 5568,
      prefix: '/sacn',
      floats: 'unit',
      ...some,
    },
  };
}
