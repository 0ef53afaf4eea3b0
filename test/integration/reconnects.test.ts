import { afterEach, describe, expect, it } from 'vitest';
import { parseAddress, parsePattern } from '../../src-main/contract/address.ts';
import { f64 } from '../../src-main/contract/signal.ts';
import { millis } from '../../src-main/contract/units.ts';
import type { ClaspClient } from '../../src-main/core/client/client-api.ts';
import { createClaspClient } from '../../src-main/core/client/clasp-client.ts';
import { messageType } from '../../src-main/core/protocol/messages.ts';
import { createSystemClock } from '../../src-main/platform/system-clock.ts';
import { createSystemRandom } from '../../src-main/platform/system-random.ts';
import { WebSocketConnection } from '../../src-main/transports/websocket/websocket-connection.ts';
import { createWebSocketDialler } from '../../src-main/transports/websocket/websocket-dialler.ts';
import { silentLog } from '../silent-log.ts';
import { until } from '../until.ts';
import { openClaspPort, type ClaspPort, type ClaspPortOptions } from './clasp-port.ts';
import { RawSession } from './raw-session.ts';

const address = parseAddress('/cue');
const clock = createSystemClock();
const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function openPort(options: ClaspPortOptions = {}): Promise<ClaspPort> {
  const port = await openClaspPort(options);
  ends.push(() => port.stop());
  return port;
}

/** Our client over real WebSockets, and a way to drop its link. */
async function connect(url: string): Promise<{ readonly client: ClaspClient; readonly cut: () => void }> {
  const dialler = createWebSocketDialler({ clock });
  let link: WebSocketConnection | undefined;
  const client = createClaspClient({
    dial: async () => {
      const connection = await dialler.dial(url);
      if (connection instanceof WebSocketConnection) link = connection;
      return connection;
    },
    clock,
    random: createSystemRandom(),
    log: silentLog,
    name: 'listener',
    limits: { retryFirstMs: millis(1), retryCapMs: millis(5) },
  });
  ends.push(() => client.close());
  client.connect();
  await until('the client to connect', () => client.state().phase === 'open');
  return { client, cut: () => link?.terminate('cut') };
}

describe('a link that is cut', () => {
  it('[RT301] costs our client no committed event, and gives it none twice', async () => {
    const port = await openPort();
    const [sender, listener] = [await connect(port.url), await connect(port.url)];
    const heard: number[] = [];
    const notices: string[] = [];
    const sessions = new Set<string>();
    listener.client.onNotice(({ message }) => notices.push(message));
    listener.client.onState((state) => state.phase === 'open' && sessions.add(state.session));
    listener.client.subscribe(parsePattern('/cue'), ({ signal: { value } }) => {
      if (value.type === 'f64') heard.push(value.value);
      // In the middle of what one write has brought: the rest of it never arrives on this link.
      if (heard.length % 37 === 0) listener.cut();
    });
    await until('the subscription', () => port.router.stats().subscriptions === 1);
    const all = Array.from({ length: 300 }, (_, n) => n);
    await Promise.all(
      all.map((n) => sender.client.publish({ kind: 'event', address, value: f64(n) }, { qos: 'commit' })),
    );
    await until('all events', () => heard.length >= all.length);
    expect(heard).toEqual(all);
    expect(sessions.size).toBeGreaterThan(3);
    expect(notices).toEqual([]);
  });
});

describe('a session that is closed because it reads too slowly', () => {
  const limits = { outboxMessagesMax: 500, outboxBytesMax: 1024 * 1024 };
  const text = { type: 'string', value: 'x'.repeat(10_000) } as const;

  async function closeSlowReader(port: ClaspPort): Promise<RawSession> {
    const slow = await RawSession.join(port.url);
    slow.send({ type: messageType.subscribe, id: 1, pattern: '/cue', types: 0xff });
    await until('the subscription', () => port.router.stats().subscriptions === 1);
    slow.webSocket.pause();
    const local = port.router.openLocal('sender');
    await until('the session to be closed', () => {
      for (let n = 0; n < 50; n++) local.publish([{ kind: 'event', address, value: text }]);
      return port.router.stats().sessions === 0;
    });
    return slow;
  }

  /** Another session has its answers meanwhile, for so long. */
  async function othersGoOn(port: ClaspPort, forMs: number): Promise<void> {
    const other = await RawSession.join(port.url);
    const began = performance.now();
    for (let n = 1; performance.now() - began < forMs; n++) {
      other.send({ type: messageType.ping });
      await other.until(messageType.pong, n);
    }
    other.webSocket.terminate();
  }

  it('[RT306] gets ERROR 503 with the counts and a close code when it reads again', async () => {
    const port = await openPort({ limits, webSocket: { closeTimeoutMs: millis(1) } });
    const slow = await closeSlowReader(port);
    await othersGoOn(port, 50);
    slow.webSocket.resume();
    expect(await slow.untilClosed()).toMatchObject({
      code: 1013,
      reason: expect.stringMatching(/^too slow: \d+/) as string,
    });
    const told = slow.received.at(-1);
    expect(told).toMatchObject({ type: messageType.error, code: 503 });
    expect(told?.type === messageType.error && told.message).toMatch(/^too slow: \d+ messages of \d+ bytes waited/);
  });

  it('[RT306] is dropped when it does not read for too long', async () => {
    const port = await openPort({ limits, webSocket: { farewellTimeoutMs: millis(50) } });
    const slow = await closeSlowReader(port);
    await othersGoOn(port, 150);
    slow.webSocket.resume();
    expect((await slow.untilClosed()).code).toBe(1006);
  });
});
