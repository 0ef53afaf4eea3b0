import { describe, expect, it } from 'vitest';
import { micros, type Micros } from '../../../src-main/contract/units.ts';
import { messageType, type Message } from '../../../src-main/core/protocol/messages.ts';
import { createRouter } from '../../../src-main/core/router/router.ts';
import { MemoryConnection } from '../../../src-main/transports/memory/memory-connection.ts';
import { silentLog } from '../../silent-log.ts';
import { SimulatedClock } from '../../simulated-clock.ts';
import { addressed, hello, pattern, Peer, publish, set, subscribe } from './router-fixture.ts';

/** Every look at the clock takes 16 µs: about what the eight small messages cost between two of them. */
class WorkingClock extends SimulatedClock {
  override nowMicros(): Micros {
    const now = super.nowMicros();
    this.advance(0.016);
    return micros(now);
  }
}

function setup(): {
  readonly clock: WorkingClock;
  readonly router: ReturnType<typeof createRouter>;
  join(): Promise<Peer>;
  turn(): Promise<void>;
  settle(): Promise<number>;
} {
  const deferred: (() => void)[] = [];
  const clock = new WorkingClock();
  let ids = 0;
  const random = { fraction: () => 0.5, uuid: () => `id-${ids++}` };
  const defer = (run: () => void): void => void deferred.push(run);
  const router = createRouter({ clock, random, log: silentLog, defer, name: 'test', limits: {} });
  const turn = async (): Promise<void> => {
    for (let i = 0; i < 20; i++) await Promise.resolve();
    deferred.splice(0).forEach((run) => run());
    for (let i = 0; i < 20; i++) await Promise.resolve();
  };
  const settle = async (): Promise<number> => {
    let turns = 0;
    do {
      await turn();
      turns++;
    } while (deferred.length > 0);
    return turns;
  };
  return {
    clock,
    router,
    turn,
    settle,
    join: async () => {
      const [near, far] = MemoryConnection.pair('peer', { queueBytesMax: 200_000_000 });
      const peer = new Peer(near);
      router.accept(far);
      peer.send(hello);
      await settle();
      peer.take();
      return peer;
    },
  };
}

const sets = (count: number, under: string): Message[] =>
  Array.from({ length: count }, (_, n) => set(`/${under}/${n}`, n));

describe('one session that floods', () => {
  it('[RT212] holds up neither another client nor an output, turn for turn, and gets all of its own done in order', async () => {
    const { router, clock, join, turn } = setup();
    const [flooder, quiet, watcher] = [await join(), await join(), await join()];
    watcher.send(subscribe('/quiet/**'));
    flooder.send(subscribe('/flood/last'));
    const lamp: number[] = [];
    router.openLocal('lamp').subscribe(pattern('/quiet/**'), (batch) => lamp.push(batch.length));
    await turn();
    watcher.take();
    flooder.send(...sets(8000, 'flood'), set('/flood/last', 1));
    let longest = 0;
    for (let n = 0; n < 25; n++) {
      quiet.send(set('/quiet/fader', n));
      const began = clock.nowMicros();
      await turn();
      longest = Math.max(longest, clock.nowMicros() - began);
      expect(lamp).toHaveLength(n + 1);
    }
    const heard = addressed(watcher.take()).map(([, n]) => n);
    expect(heard.length).toBeGreaterThan(20);
    expect(heard).toEqual(Array.from({ length: heard.length }, (_, n) => n));
    expect(longest).toBeLessThan(2000);
    expect(flooder.takeOnly(messageType.set)).toHaveLength(0);
    for (let n = 0; n < 400; n++) await turn();
    expect(flooder.takeOnly(messageType.set)).toHaveLength(1);
    expect(router.stats().params).toBe(8002);
  });

  it('[RT212] with bundles gets one for each of its turns; the others get theirs in between', async () => {
    const { join, turn } = setup();
    const [flooder, second, watcher] = [await join(), await join(), await join()];
    watcher.send(subscribe('/**'));
    await turn();
    watcher.take();
    const bundle: Message = { type: messageType.bundle, messages: sets(2000, 'b') };
    for (let n = 0; n < 10; n++) flooder.send(bundle);
    second.send(...Array.from({ length: 200 }, (_, n) => publish('event', '/second', n)));
    let turns = 0;
    let got = 0;
    while (got < 200 && turns++ < 100) {
      await turn();
      got += addressed(watcher.take()).filter(([address]) => address === '/second').length;
    }
    expect(turns).toBeLessThan(25);
  });

  it('[RT215] with SUBSCRIBEs over many params waits for its own answers; those of another come in between', async () => {
    const { router, join, turn, settle } = setup();
    const filler = await join();
    filler.send(...sets(5000, 'params'));
    await settle();
    const [flooder, quiet] = [await join(), await join()];
    await settle();
    flooder.take();
    flooder.send(...Array.from({ length: 1000 }, (_, id) => subscribe('/params/**', id)));
    quiet.send(subscribe('/params/77'));
    const found: number[] = [];
    for (let n = 0; n < 40 && found.length === 0; n++) {
      await turn();
      if (quiet.takeOnly(messageType.snapshot).length > 0) found.push(n);
    }
    expect(found[0]).toBeLessThan(10);
    expect(router.stats().subscriptions).toBeLessThan(1000);
  });
});
