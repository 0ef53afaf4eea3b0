import { mqttBridgeSchema } from '../../src-main/contract/bridges/mqtt.ts';
import type { MqttBridge, OscBridge, SacnBridge } from '../../src-main/contract/show.ts';

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

/** A client of an MQTT broker, as a show describes it. */
export function mqttSettings(some: Record<string, unknown> = {}): MqttBridge {
  return mqttBridgeSchema.parse({
    ...{ id: 'mqtt1', number: 3, name: 'Broker', kind: 'mqtt' },
    settings: { url: 'mqtt://127.0.0.1:1', prefix: '/mqtt', ...some },
  });
}
