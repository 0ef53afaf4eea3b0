import { afterEach, describe, expect, it } from 'vitest';
import { parseAddress, parsePattern } from '../../../src-main/contract/address.ts';
import { f64 } from '../../../src-main/contract/signal.ts';
import { millis } from '../../../src-main/contract/units.ts';
import { createClaspClient } from '../../../src-main/core/client/clasp-client.ts';
import type { ClaspClient } from '../../../src-main/core/client/client-api.ts';
import { createRouter } from '../../../src-main/core/router/router.ts';
import { createSystemClock } from '../../../src-main/platform/system-clock.ts';
import { createSystemRandom } from '../../../src-main/platform/system-random.ts';
import { createBleTransport } from '../../../src-main/transports/ble/ble-transport.ts';
import { seededChance } from '../../seeded-chance.ts';
import { silentLog } from '../../silent-log.ts';
import { until } from '../../until.ts';
import { SimulatedAir } from './simulated-air.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** A router that is a peripheral, and who comes to it over an air with the smallest MTU. */
async function room(seed: number, lossShare: number) {
  const clock = createSystemClock();
  const [random, log] = [createSystemRandom(), silentLog];
  const air = new SimulatedAir({ clock, mtu: 23, lossShare, chance: seededChance(seed) });
  const router = createRouter({ clock, random, log, defer: (run) => setImmediate(run), name: 'Flyrail test' });
  const openRadio = { central: () => air.central(), peripheral: () => air.peripheral() };
  const transport = createBleTransport({
    role: 'peripheral',
    openRadio,
    clock,
    log,
    limits: { pieceWaitMs: millis(50) },
  });
  const listening = await transport.listen((connection) => router.accept(connection));
  ends.push(listening.stop);
  const join = (name: string): ClaspClient => {
    const client = createClaspClient({
      dial: () => transport.dial(listening.url),
      clock,
      random,
      log,
      name,
      limits: {
        retryFirstMs: millis(1),
        retryCapMs: millis(20),
        resendFirstMs: millis(20),
        resendCapMs: millis(100),
        helloTimeoutMs: millis(300),
      },
    });
    ends.push(() => client.close());
    client.connect();
    return client;
  };
  return { air, router, join, transport };
}

describe('a radio that loses what nobody confirms', () => {
  it.each([1, 2, 3])('[TP105] costs our client nothing that was acknowledged (seed %i)', async (seed) => {
    const { air, router, join } = await room(seed, 0.1);
    const [desk, lamp] = [join('desk'), join('lamp')];
    await until('both', () => desk.state().phase === 'open' && lamp.state().phase === 'open', 20_000);
    const events = new Map<number, number>();
    router.openLocal('witness').subscribe(parsePattern('/cue'), (deliveries) => {
      for (const { signal } of deliveries)
        if (signal.value.type === 'f64') events.set(signal.value.value, (events.get(signal.value.value) ?? 0) + 1);
    });
    const wanted = Array.from({ length: 60 }, (_, n) => n);
    const [cue, level] = [parseAddress('/cue'), parseAddress('/level')];
    await Promise.all(
      wanted.map((n) => desk.publish({ kind: 'event', address: cue, value: f64(n) }, { qos: 'commit' })),
    );
    for (let n = 0; n < 20; n++) await desk.set(level, f64(n));
    expect([...events.keys()].toSorted((a, b) => a - b)).toEqual(wanted);
    expect([...events.values()].every((times) => times === 1)).toBe(true);
    expect((await lamp.get(level))?.value).toEqual(f64(19));
    expect(air.counts.lost).toBeGreaterThan(10);
  });

  it('[TP94] supersedes old values of a fader for a lamp that is slow, and ends with the newest', async () => {
    const { router, join } = await room(1, 0);
    const lamp = join('lamp');
    await until('the lamp', () => lamp.state().phase === 'open');
    const values: number[] = [];
    lamp.subscribe(parsePattern('/fader'), ({ signal: { value } }) => value.type === 'f64' && values.push(value.value));
    await until('the subscription', () => router.stats().subscriptions === 1);
    const desk = router.openLocal('desk');
    const address = parseAddress('/fader');
    // Faster than a link of 20 bytes a turn carries it.
    for (let n = 1; n <= 20_000; n++) {
      desk.publish([{ kind: 'param', address, value: f64(n) }]);
      if (n % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await until('the newest', () => values.at(-1) === 20_000);
    expect(values.length).toBeLessThan(5000);
    expect(values).toEqual(values.toSorted((a, b) => a - b));
  });
});
