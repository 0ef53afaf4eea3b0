import { afterEach, describe, expect, it } from 'vitest';
import { parseAddress } from '../../../src-main/contract/address.ts';
import { UnavailableError } from '../../../src-main/contract/errors.ts';
import { f64 } from '../../../src-main/contract/signal.ts';
import { createRouter } from '../../../src-main/core/router/router.ts';
import { linkSurroundings } from '../../../src-main/engine/link-surroundings.ts';
import { ClaspLink } from '../../../src-main/links/clasp/clasp-link.ts';
import { makeAuthority, makeServerCertificate } from '../../../src-main/platform/certificate-maker.ts';
import { createSystemClock } from '../../../src-main/platform/system-clock.ts';
import { createSystemRandom } from '../../../src-main/platform/system-random.ts';
import type { LinkNeeds } from '../../../src-main/ports/link.ts';
import type { Connection } from '../../../src-main/ports/transport.ts';
import { createDialler } from '../../../src-main/transports/catalogue.ts';
import { MemoryConnection } from '../../../src-main/transports/memory/memory-connection.ts';
import { dialFault } from '../../../src-main/transports/socket-faults.ts';
import { createTcpTransport } from '../../../src-main/transports/tcp/tcp-transport.ts';
import { createWebSocketTransport } from '../../../src-main/transports/websocket/websocket-transport.ts';
import { RecordingHost } from '../../conformance/bridge.ts';
import { FakeCards } from '../../platform/fake-cards.ts';
import { silentLog } from '../../silent-log.ts';
import { SimulatedClock } from '../../simulated-clock.ts';
import { until } from '../../until.ts';
import { linkTo } from './link-hall.ts';

const [clock, random, log] = [createSystemClock(), createSystemRandom(), silentLog];
const router = createRouter({ clock, random, log, name: 'far', defer: setImmediate });
const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

type Dial = LinkNeeds['openDialler'];
const needs = { random, log, routerId: 'near', secret: () => Promise.resolve(undefined), memory: new Map() };

/** A router that is there or not, without a network. */
class Elsewhere {
  isAway = true;
  readonly dialled: number[] = [];
  readonly clock = new SimulatedClock();
  readonly host = new RecordingHost();
  readonly #open: Connection[] = [];

  link(url = 'tcp://far', fault = new Error('nobody is there')): ClaspLink {
    const dial = (): Promise<Connection> => {
      this.dialled.push(this.clock.nowMicros() / 1000);
      if (this.isAway) return Promise.reject(fault);
      const [near, far] = MemoryConnection.pair('far');
      this.#open.push(near);
      router.accept(far);
      return Promise.resolve(near);
    };
    const openDialler: Dial = () => Promise.resolve({ dial, abandon: () => undefined });
    const link = new ClaspLink(linkTo('far', { url }), { ...needs, clock: this.clock, openDialler });
    ends.push(() => link.stop());
    return link;
  }

  cut(): void {
    this.isAway = true;
    for (const connection of this.#open.splice(0)) connection.close('cut');
  }

  async pass(seconds: number): Promise<void> {
    for (let tenths = 0; tenths < seconds * 10; tenths++) {
      this.clock.advance(100);
      await new Promise(setImmediate);
    }
  }

  /** the longest wait between two tries, in milliseconds */
  longestWait(): number {
    return Math.max(...this.dialled.slice(1).map((at, i) => at - (this.dialled[i] ?? 0)));
  }
}

describe('a link to a router that is not there', () => {
  it('[LK19] is up and broken, dials every second or so for ever, and is linked as soon as the router is there', async () => {
    const there = new Elsewhere();
    const link = there.link();
    await link.start(there.host);
    expect(link.status()).toMatchObject({
      state: 'broken',
      reason: 'Not linked: nobody is there. Flyrail keeps trying.',
    });
    await there.pass(120);
    expect(there.longestWait()).toBeLessThanOrEqual(1200);
    there.isAway = false;
    await there.pass(2);
    await until('the link', () => link.status().state === 'connected');
    expect([there.host.returns, there.host.faults]).toEqual([1, []]);
  });

  it('[LK19] is dialled as often when it has been gone for more than 30 s, and comes back by itself', async () => {
    const there = new Elsewhere();
    there.isAway = false;
    const link = there.link();
    await link.start(there.host);
    there.cut();
    await there.pass(20);
    expect(link.status().state).toBe('trouble');
    await there.pass(20);
    expect(link.status().state).toBe('broken');
    there.dialled.length = 0;
    await there.pass(60);
    expect(there.longestWait()).toBeLessThanOrEqual(1200);
    there.isAway = false;
    await there.pass(2);
    await until('the link', () => link.status().state === 'connected');
    expect([there.host.returns, there.host.faults]).toEqual([2, []]);
  });

  it.each(['away', 'there', 'gone for a while', 'gone for long'])(
    '[LK19] leaves nothing open when it is stopped while the router is %s',
    async (how) => {
      const there = new Elsewhere();
      there.isAway = how === 'away';
      const link = there.link();
      await link.start(there.host);
      if (how.startsWith('gone')) there.cut();
      await there.pass(how === 'gone for long' ? 40 : 3);
      await link.stop();
      const { returns } = there.host;
      there.isAway = false;
      there.dialled.length = 0;
      await there.pass(20);
      expect([there.clock.waiting, there.dialled, there.host.returns]).toEqual([0, [], returns]);
    },
  );

  it('[LK19] counts what happens meanwhile, and says so', async () => {
    const there = new Elsewhere();
    const link = there.link();
    await link.start(there.host);
    const at = { address: parseAddress('/far/go'), value: f64(1) };
    link.apply([
      { kind: 'event', ...at },
      { kind: 'event', ...at },
      { kind: 'param', ...at },
    ]);
    expect(link.status()).toMatchObject({
      refusedTotal: 2,
      reason: 'Not linked: nobody is there. Flyrail keeps trying. 2 events were not given meanwhile.',
    });
  });

  it('[LK19] is not asked often by Bluetooth, where each try is a process', async () => {
    const there = new Elsewhere();
    await there.link('ble://far').start(there.host);
    await there.pass(120);
    expect(there.dialled.length).toBeLessThan(20);
  });

  it.each([
    ['ECONNREFUSED', 'no router listens there'],
    ['ENOTFOUND', 'there is no host of this name'],
    ['EHOSTUNREACH', 'there is no way to the router'],
    ['CERT_HAS_EXPIRED', 'the certificate of the router has expired'],
  ])('[LK20] says in words why: %s', async (code, words) => {
    const raw = Object.assign(new Error(`connect ${code} 127.0.0.1:1`), { code });
    for (const fault of [raw, new AggregateError([raw, raw], '')]) {
      const there = new Elsewhere();
      const link = there.link('ws://far', dialFault('ws://far', fault));
      await link.start(there.host);
      expect(link.status().reason).toBe(`Not linked: ${words}. Flyrail keeps trying.`);
    }
  });

  it.each([
    ['Server sent no subprotocol', 'what listens there speaks no CLASP'],
    ['Unexpected server response: 404', 'the server there answers 404, and opens no WebSocket'],
    ['Error: No such file or directory, cannot open /dev/x', 'No such file or directory, cannot open /dev/x'],
  ])('[LK23] says of a place where somebody else is, or nothing: %s', async (raw, words) => {
    const there = new Elsewhere();
    const link = there.link('ws://far', dialFault('ws://far', new Error(raw)));
    await link.start(there.host);
    expect(link.status().reason).toBe(`Not linked: ${words}. Flyrail keeps trying.`);
  });

  it.each([
    ['read ECONNRESET', 'the router ended the connection'],
    ['the peer sent nonsense.', 'the peer sent nonsense'],
  ])('[LK23] says of who answers, and is no router, how it ended: %s', async (raw, words) => {
    const dial = (): Promise<Connection> => {
      const [near] = MemoryConnection.pair('far');
      setImmediate(() => near.close(raw));
      return Promise.resolve(near);
    };
    const openDialler: Dial = () => Promise.resolve({ dial, abandon: () => undefined });
    const link = new ClaspLink(linkTo('far'), { ...needs, clock, openDialler });
    ends.push(() => link.stop());
    await link.start(new RecordingHost());
    const reason = `Not linked, since what answers there does not let Flyrail in: ${words}. Flyrail keeps trying.`;
    expect(link.status().reason).toBe(reason);
  });

  it('[LK20] gives the engine what somebody has to repair first, also later', async () => {
    const there = new Elsewhere();
    let isReadable = true;
    const unreadable = new UnavailableError('cannot-read-file', 'The secrets cannot be read.');
    const link = new ClaspLink(linkTo('far', { secretName: 'key' }), {
      ...{ ...needs, clock: there.clock },
      secret: () => (isReadable ? Promise.resolve('hush') : Promise.reject(unreadable)),
      openDialler: () =>
        Promise.resolve({ dial: () => Promise.reject(new Error('nobody is there')), abandon: () => undefined }),
    });
    ends.push(() => link.stop());
    await link.start(there.host);
    isReadable = false;
    await there.pass(3);
    expect(there.host.faults).toEqual([unreadable]);
  });
});

describe('a link from a network card', () => {
  const both = ['127.0.0.2', '127.0.0.3'];

  /** Opens a way in, and gives the link its card, takes it away, and gives it back with another address.
   *  @returns from where the router was dialled */
  async function follow(scheme: 'ws' | 'wss' | 'tcp' | 'tls'): Promise<readonly string[]> {
    const now = Date.now();
    const authority = await makeAuthority('Flyrail test', now);
    const identity = await makeServerCertificate(authority, ['127.0.0.1'], now);
    const at = { ...{ clock, log, host: '127.0.0.1', port: 0 }, ...(/s$/.test(scheme.slice(2)) && { identity }) };
    const transport = scheme.startsWith('t') ? createTcpTransport(at) : createWebSocketTransport(at as never);
    const seen = new Set<string>();
    const listening = await transport.listen((connection) => {
      seen.add(/127\.0\.0\.\d+/.exec(connection.peer)?.[0] ?? connection.peer);
      router.accept(connection);
    });
    ends.push(() => listening.stop());
    const cards = new FakeCards();
    const openDialler: Dial = (url, { networkCard }) =>
      createDialler(url, {
        ...{ clock, log, radioProcess: '', authorities: [authority.cert] },
        card: { networkCard, networkCards: cards.list },
      });
    const link = new ClaspLink(linkTo('far', { url: listening.url, networkCard: 'show' }), {
      ...{ ...needs, clock, openDialler },
    });
    ends.push(() => link.stop());
    await link.start(new RecordingHost());
    const isAway = () => link.status().state !== 'connected' && /card show is not there/.test(link.status().reason);
    await until('the card to be missed', isAway);
    for (const address of both) {
      cards.put('show', address);
      await until(`it to be there by ${address}`, () => link.status().state === 'connected', 6000);
      cards.put('show');
      await until('the card to be missed again', isAway, 6000);
    }
    return [...seen];
  }

  it('[LK21] dials from the address that the card has then, by WebSocket and TCP, in the clear and by TLS', async () => {
    const ways = await Promise.all((['ws', 'wss', 'tcp', 'tls'] as const).map(follow));
    for (const seen of ways) expect(seen).toEqual(both);
  });

  it('[LK21] is a setting of the show, which the engine hands on to whoever dials', async () => {
    const around = linkSurroundings({
      ...{ clock, random, log, radioProcess: '' },
      settings: { current: () => ({ routerId: 'near' }) } as never,
      secrets: { get: () => Promise.resolve(undefined) } as never,
    });
    const dialler = await around.openDialler('tcp://127.0.0.1:1', { caFile: null, networkCard: 'no such card' });
    await expect(dialler.dial('tcp://127.0.0.1:1')).rejects.toMatchObject({ code: 'no-network-card' });
  });

  it('[LK22] is refused where a router is not dialled by TCP, with a repair', () => {
    const refused = (url: string) => () => linkTo('far', { url, networkCard: 'show' });
    for (const url of ['udp://10.0.0.5:7331', 'quic://10.0.0.5:7332', 'serial:///dev/ttyUSB0', 'ble://desk'])
      expect(refused(url), url).toThrow('only ws, wss, tcp and tls are dialled from one card');
    for (const url of ['ws://a', 'wss://a', 'tcp://a:1', 'tls://a:1']) expect(refused(url), url).not.toThrow();
  });
});
