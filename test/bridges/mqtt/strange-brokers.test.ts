import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import { MqttBridge } from '../../../src-main/bridges/mqtt/mqtt-bridge.ts';
import type { Address } from '../../../src-main/contract/address.ts';
import { f64, type Signal } from '../../../src-main/contract/signal.ts';
import { SendPace } from '../../../src-main/platform/send-pace.ts';
import { createSystemClock } from '../../../src-main/platform/system-clock.ts';
import { createSystemRandom } from '../../../src-main/platform/system-random.ts';
import { perTurnMax } from '../../../src-main/platform/turn-pace.ts';
import { RecordingHost } from '../../conformance/bridge.ts';
import { silentLog } from '../../silent-log.ts';
import { until } from '../../until.ts';
import { mqttSettings } from '../bridge-settings.ts';
import { InProcessBroker } from './in-process-broker.ts';

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('an MQTT bridge with a burst of values, and with strange brokers', () => {
  const ends: (() => Promise<void> | void)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });

  async function start(port: number, some: Record<string, unknown> = {}): Promise<MqttBridge> {
    const bridge = new MqttBridge(mqttSettings({ url: `mqtt://127.0.0.1:${port}`, ...some }), {
      ...{ clock: createSystemClock(), random: createSystemRandom(), log: silentLog, networkCards: () => [] },
    });
    ends.push(() => bridge.stop());
    await bridge.start(new RecordingHost());
    return bridge;
  }

  it.each([0, 1] as const)('[MQ35] gives everything that stands at once, however much that is: QoS %d', async (qos) => {
    const broker = new InProcessBroker();
    await broker.listen();
    ends.push(() => broker.kill());
    const bridge = await start(broker.port, { direction: 'out', publications: [{ qos, retain: true }] });
    await until('the connection', () => bridge.status().state === 'connected');
    const count = 25_000;
    bridge.apply(
      Array.from({ length: count }, (_, i): Signal => ({
        kind: 'param',
        address: `/mqtt/t/${i}` as Address,
        value: f64(i),
      })),
    );
    await until(
      'all of it, and the answers',
      () => broker.heard.length === count && bridge.status().outTotal === count,
    );
    expect(bridge.status().refusedTotal).toBe(0);
    expect(new Set(broker.heard.map(({ topic }) => topic)).size).toBe(count);
  });

  it('[MQ35] takes 64 in a turn of what a broker says at once, and all of it', async () => {
    const broker = new InProcessBroker();
    await broker.listen();
    ends.push(() => broker.kill());
    const settings = { url: `mqtt://127.0.0.1:${broker.port}`, subscriptions: [{ topic: 'in/#' }] };
    const host = new RecordingHost();
    const bridge = new MqttBridge(mqttSettings(settings), {
      ...{ clock: createSystemClock(), random: createSystemRandom(), log: silentLog, networkCards: () => [] },
    });
    ends.push(() => bridge.stop());
    await bridge.start(host);
    await until('the connection', () => bridge.status().state === 'connected');
    let [turn, isOver] = [0, false];
    const inTurn = new Map<number, number>();
    const count = (): void => {
      turn++;
      if (!isOver) setImmediate(count);
    };
    count();
    const publish = host.publish.bind(host);
    host.publish = (batch) => {
      inTurn.set(turn, (inTurn.get(turn) ?? 0) + 1);
      publish(batch);
    };
    const sender = await start(broker.port, { direction: 'out', clientId: 'sender' });
    await until('the sender', () => sender.status().state === 'connected');
    sender.apply(
      Array.from({ length: 2000 }, (_, i): Signal => ({
        kind: 'param',
        address: `/mqtt/in/${i}` as Address,
        value: f64(i),
      })),
    );
    await until('all of it', () => host.published.length === 2000);
    isOver = true;
    expect(Math.max(...inTurn.values())).toBeLessThanOrEqual(perTurnMax);
  });

  it('[MQ35] hands only so many to the library in a turn, and none while the network is behind', async () => {
    const stream = new PassThrough({ highWaterMark: 10 });
    let freed = 0;
    const pace = new SendPace(() => freed++);
    expect(pace.isFull).toBe(true);
    pace.begin(stream);
    for (let i = 0; i < perTurnMax; i++) {
      expect(pace.isFull).toBe(false);
      pace.count();
    }
    expect(pace.isFull).toBe(true);
    await nextTurn();
    expect([pace.isFull, freed]).toEqual([false, 1]);
    pace.count();
    await nextTurn();
    expect(freed).toBe(1);
    stream.write(Buffer.alloc(100));
    expect([pace.isFull, pace.isFull, stream.listenerCount('drain')]).toEqual([true, true, 1]);
    stream.resume();
    await once(stream, 'drain');
    expect([pace.isFull, freed]).toEqual([false, 2]);
    // What an old connection tells is nothing to the new one.
    const other = new PassThrough();
    pace.begin(other);
    stream.emit('drain');
    expect(freed).toBe(2);
  });

  it.each<[string, (socket: Socket) => unknown, RegExp]>([
    ['closes at once', (socket) => socket.end(), /^What is there ends each connection without an answer\./],
    [
      'speaks something else',
      (socket) => socket.write('HTTP/1.1 400\r\n'),
      /^What answers there does not speak MQTT\./,
    ],
    ['says nothing', () => undefined, /^The broker does not answer\./],
  ])('[MQ36] tells in words that what listens there %s, stays up and tries on', async (_what, answer, words) => {
    let dials = 0;
    const server = createServer((socket) => {
      dials++;
      socket.on('error', () => undefined).resume();
      answer(socket);
    });
    ends.push(() => void server.close());
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const bridge = await start((server.address() as AddressInfo).port);
    await until('another try', () => dials >= 2);
    await until('the words', () => words.test(bridge.status().reason));
    expect(bridge.status()).toMatchObject({
      state: 'broken',
      reason: expect.stringMatching(/Flyrail keeps trying\.$/) as string,
    });
  });
});
