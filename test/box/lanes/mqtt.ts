import { connectAsync, type MqttClient } from 'mqtt';
import { freePort } from '../../free-port.ts';
import { Mosquitto } from '../../integration/mosquitto.ts';
import { CuttableLine } from '../cuttable-line.ts';
import type { LanePlan } from '../lane.ts';
import { Tally } from '../tally.ts';

/** mosquitto, that is stopped and started again, with a client behind it: what is published with QoS 1 arrives. */
export async function planMqttBridge(): Promise<LanePlan> {
  const broker = new Mosquitto(['allow_anonymous true', 'max_queued_messages 0', 'persistence true']);
  // What it acknowledged it has to have when it is back.
  broker.config = [...broker.config, `persistence_location ${broker.folder}/`];
  broker.port = await freePort();
  const events = { from: '/out', qos: 1 };
  const settings = {
    ...{ url: `mqtt://127.0.0.1:${broker.port}`, prefix: '/broker', publications: [events] },
    ...{ subscriptions: [{ topic: 'in', qos: 1, plain: 'event' }], queueMax: 100_000 },
  };
  return {
    id: 'broker',
    bridge: { kind: 'mqtt', settings },
    begin: async ({ client, hear, onEnd }) => {
      const [into, out] = [new Tally('MQTT, in', 'every'), new Tally('MQTT, out', 'every')];
      await broker.start();
      onEnd(() => broker.end());
      const peer = await meet(`mqtt://127.0.0.1:${broker.port}`, { out: (n) => out.came(n) });
      onEnd(() => peer.endAsync(true));
      hear('/broker/in', (n) => into.came(n));
      return {
        tallies: [into, out],
        perSecond: 50,
        turn: (n) => {
          if (peer.connected) publish(peer, 'in', { n, tally: into });
          out.sent(n);
          client.emit('/broker/out', n);
        },
        unplug: () => broker.end(),
        plug: () => broker.start(),
      };
    },
  };
}

/** A client of the broker inside that goes out of reach, by QoS 1 both ways: its session keeps what it misses. */
export function planMqttDoor(): Promise<LanePlan> {
  return Promise.resolve({
    id: 'mqtt-door',
    flags: ['--transport', 'mqtt=0,prefix=/phones,plain=event'],
    begin: async ({ client, hear, onEnd, ready }) => {
      const [into, out] = [new Tally('MQTT broker inside, in', 'every'), new Tally('MQTT broker inside, out', 'every')];
      const url = ready.transports.find(({ name }) => name === 'mqtt')?.url ?? '';
      const port = await freePort();
      const line = new CuttableLine(port, Number(new URL(url).port));
      await line.join();
      onEnd(() => line.cut());
      const peer = await meet(`mqtt://127.0.0.1:${port}`, { out: (n) => out.came(n) });
      onEnd(() => peer.endAsync(true));
      hear('/phones/in', (n) => into.came(n));
      return {
        tallies: [into, out],
        perSecond: 50,
        turn: (n) => {
          publish(peer, 'in', { n, tally: into });
          out.sent(n);
          client.emit('/phones/out', n);
        },
        unplug: () => line.cut(),
        plug: () => line.join(),
        isDeaf: true,
      };
    },
  });
}

async function meet(url: string, topics: Readonly<Record<string, (n: number) => void>>): Promise<MqttClient> {
  const peer = await connectAsync(url, {
    clientId: `box-${url.split(':').at(-1)}`,
    clean: false,
    reconnectPeriod: 200,
  });
  peer.on('error', () => undefined);
  peer.on('message', (topic, payload) => topics[topic]?.(Number(payload.toString())));
  for (const topic of Object.keys(topics)) await peer.subscribeAsync(topic, { qos: 1 });
  return peer;
}

/** Promised once the broker has said so. */
function publish(peer: MqttClient, topic: string, { n, tally }: { readonly n: number; readonly tally: Tally }): void {
  tally.sending(n);
  peer.publish(topic, String(n), { qos: 1 }, (error) => error ?? tally.taken(n));
}
