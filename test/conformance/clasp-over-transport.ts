import { afterEach, describe, expect, it } from 'vitest';
import { parseAddress, parsePattern } from '../../src-main/contract/address.ts';
import { f64, type Signal } from '../../src-main/contract/signal.ts';
import { millis } from '../../src-main/contract/units.ts';
import type { ClaspClient } from '../../src-main/core/client/client-api.ts';
import { createClaspClient } from '../../src-main/core/client/clasp-client.ts';
import { createRouter, type Router } from '../../src-main/core/router/router.ts';
import { createSystemClock } from '../../src-main/platform/system-clock.ts';
import { createSystemRandom } from '../../src-main/platform/system-random.ts';
import type { Connection, Transport } from '../../src-main/ports/transport.ts';
import { silentLog } from '../silent-log.ts';
import { until } from '../until.ts';

export interface ClaspCase {
  readonly transport: Transport;
  /** Loses the connection as a pulled cable does, or as nearly so as can be had. */
  cut(connection: Connection): void;
  /** how many clients there can be at once; 40 without */
  readonly clients?: number;
}

const level = parseAddress('/desk/level');

/** What a user gets from every transport, with the product's router and client at its ends. */
export function describeClasp(name: string, make: () => ClaspCase): void {
  const { clients = 40 } = make();
  describe(`clasp over ${name}`, () => {
    const ends: (() => unknown)[] = [];
    afterEach(async () => {
      for (const end of ends.splice(0).reverse()) await end();
    });

    async function open(): Promise<Opened> {
      const { transport, cut } = make();
      const clock = createSystemClock();
      const [random, log] = [createSystemRandom(), silentLog];
      const router = createRouter({ clock, random, log, defer: (run) => setImmediate(run), name: 'Flyrail test' });
      const listening = await transport.listen((connection) => router.accept(connection));
      ends.push(async () => {
        router.close('the router stops');
        await listening.stop();
      });
      const join = async (who: string): Promise<Joined> => {
        let link: Connection | undefined;
        const client = createClaspClient({
          dial: async () => (link = await transport.dial(listening.url)),
          clock,
          random,
          log,
          name: who,
          limits: { retryFirstMs: millis(1), retryCapMs: millis(20), resendFirstMs: millis(20) },
        });
        ends.push(() => client.close());
        client.connect();
        await until(`${who} to connect`, () => client.state().phase === 'open');
        return { client, cut: () => link && cut(link) };
      };
      return { router, join };
    }

    it('[TP30] carries every kind of signal, and every question and its answer', async () => {
      const { router, join } = await open();
      const [{ client: desk }, { client: lamp }] = [await join('desk'), await join('lamp')];
      const heard: Signal[] = [];
      lamp.subscribe(parsePattern('/desk/**'), ({ signal }) => heard.push(signal));
      await until('the subscription', () => router.stats().subscriptions === 1);
      await desk.announce(parseAddress('/desk'), [{ address: level, kind: 'param' }]);
      await desk.set(level, f64(0.5), { qos: 'commit' });
      await desk.publish({ kind: 'event', address: parseAddress('/desk/go'), value: f64(1) }, { qos: 'commit' });
      await desk.stream(parseAddress('/desk/meter'), [0.1, 0.2, 0.3], { qos: 'confirm' });
      const finger = desk.gesture(parseAddress('/desk/pad'));
      await finger.start(f64(1));
      await finger.end(f64(2));
      await desk.bundle([
        { kind: 'param', address: parseAddress('/desk/red'), value: f64(1) },
        { kind: 'param', address: parseAddress('/desk/blue'), value: f64(0) },
      ]);
      await until('all signals', () => heard.length >= 7);
      expect(heard.map(({ kind, address }) => `${kind} ${address}`)).toEqual([
        'param /desk/level',
        'event /desk/go',
        'stream /desk/meter',
        'gesture /desk/pad',
        'gesture /desk/pad',
        'param /desk/red',
        'param /desk/blue',
      ]);
      expect(await lamp.get(level)).toMatchObject({ value: f64(0.5), revision: 1n });
      expect(await lamp.get(parseAddress('/nowhere'))).toBeUndefined();
      expect((await lamp.query(parsePattern('/desk/level'))).map(({ address }) => address)).toEqual([level]);
      expect((await lamp.sync()).errorBound).toBeGreaterThanOrEqual(0);
      await expect(lamp.set(level, f64(1), { expectedRevision: 7n })).rejects.toMatchObject({
        code: 'changed-meanwhile',
      });
      expect(await lamp.lock(level, f64(1))).toMatchObject({ locked: true });
      expect(await desk.lock(level, f64(0))).toMatchObject({ locked: false });
    });

    it(`[TP31] lets ${clients} clients hear each other, each all of it once and in order`, async () => {
      const { router, join } = await open();
      const heard: number[][] = [];
      const all: ClaspClient[] = [];
      for (let i = 0; i < clients; i++) {
        const { client } = await join(`client ${i}`);
        const mine: number[] = [];
        heard.push(mine);
        client.subscribe(
          parsePattern('/cue/*'),
          ({ signal: { value } }) => value.type === 'f64' && mine.push(value.value),
        );
        all.push(client);
      }
      await until('the subscriptions', () => router.stats().subscriptions === clients);
      const sender = all[0];
      if (!sender) throw new Error('nobody there');
      const wanted = Array.from({ length: 50 }, (_, n) => n);
      const address = parseAddress('/cue/go');
      await Promise.all(
        wanted.map((n) => sender.publish({ kind: 'event', address, value: f64(n) }, { qos: 'commit' })),
      );
      await until('all to hear', () => heard.slice(1).every((mine) => mine.length >= wanted.length));
      for (const mine of heard.slice(1)) expect(mine).toEqual(wanted);
    });

    it('[TP32] has everything as it was after a link that was lost: subscriptions, values, what was committed', async () => {
      const { router, join } = await open();
      const [{ client: desk }, { client: lamp, cut }] = [await join('desk'), await join('lamp')];
      const heard: number[] = [];
      const sessions = new Set<string>();
      lamp.onState((state) => state.phase === 'open' && sessions.add(state.session));
      lamp.subscribe(
        parsePattern('/desk/level'),
        ({ signal: { value } }) => value.type === 'f64' && heard.push(value.value),
      );
      await until('the subscription', () => router.stats().subscriptions === 1);
      await desk.set(level, f64(1), { qos: 'commit' });
      await until('the first value', () => heard.includes(1));
      cut();
      await desk.set(level, f64(2), { qos: 'commit' });
      await until('the value of meanwhile', () => heard.includes(2));
      await desk.set(level, f64(3), { qos: 'commit' });
      await until('a new value', () => heard.includes(3));
      expect(sessions.size).toBeGreaterThan(0);
      expect((await lamp.get(level))?.revision).toBe(3n);
    });
  });
}

interface Joined {
  readonly client: ClaspClient;
  readonly cut: () => void;
}

interface Opened {
  readonly router: Router;
  join(who: string): Promise<Joined>;
}
