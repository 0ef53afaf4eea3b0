import { artnetBridgeSchema } from '../../src-main/contract/bridges/artnet.ts';
import { sacnBridgeSchema } from '../../src-main/contract/bridges/sacn.ts';
import type { ArtnetBridge, OscBridge, SacnBridge } from '../../src-main/contract/show.ts';

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
      direction: 'both',
      listenHost: '127.0.0.1',
      listenPort: 0,
      remoteHost: '127.0.0.1',
      remotePort: 9,
      prefix: '/osc',
      ...some,
    },
  };
}

/** An sACN output of the universes 1-4 on loopback, as a show describes it; it does not watch who else sends. */
export function sacnSettings(some: Partial<SacnBridge['settings']> = {}): SacnBridge {
  const universes = [{ first: 1, last: 4, priority: 100 }];
  const given = { universes, networkCard: 'lo', cid: '5e1f2f9a-7f4e-4f0b-9d55-0123456789ab', watch: false };
  const bridge = sacnBridgeSchema.parse({ id: 'sacn1', number: 2, name: 'Stage', kind: 'sacn', settings: given });
  return { ...bridge, settings: { ...bridge.settings, ...some } };
}

/** An Art-Net bridge of the port addresses 0-3 to 127.0.0.1, as a show describes it. */
export function artnetSettings(some: Partial<ArtnetBridge['settings']> = {}): ArtnetBridge {
  const settings = { universes: [{ first: 0, last: 3 }], send: 'hosts', hosts: ['127.0.0.1'], ...some };
  return artnetBridgeSchema.parse({ kind: 'artnet', id: 'artnet1', number: 3, name: 'Dimmers', settings });
}
