import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Address } from '../../src-main/contract/address.ts';
import { UnavailableError, type AppError } from '../../src-main/contract/errors.ts';
import type { Cancel } from '../../src-main/contract/message-link.ts';
import type { Bridge as BridgeSettings } from '../../src-main/contract/show.ts';
import type { Signal } from '../../src-main/contract/signal.ts';
import type { Micros, Millis } from '../../src-main/contract/units.ts';
import { createSystemClock } from '../../src-main/platform/system-clock.ts';
import type { Bridge, BridgeHost, DeviceIsBack } from '../../src-main/ports/bridge.ts';
import type { Clock } from '../../src-main/ports/clock.ts';
import { arbitrarySignal } from '../arbitrary-signal.ts';
import { UdpSockets } from '../udp-sockets.ts';
import { until } from '../until.ts';

/** What the suite has to know of a bridge. */
export interface BridgeSubject {
  readonly prefix: string;
  /** A bridge that can start, and knows no other time than `clock`. */
  make(clock: Clock): Bridge;
  /** Puts the world so that a bridge of `make` cannot start; returns what puts it right again. */
  breakWorld(): Promise<() => Promise<void>>;
  /** one that the bridge sends, and one that it has to refuse although it is under its prefix */
  readonly sends: Signal;
  readonly refuses: Signal;
  /** settings that a running bridge of `make` takes over and still sends `sends` with; none when it takes over nothing */
  readonly takesOver?: BridgeSettings;
  /** settings that it has to be made anew for */
  readonly remakes: readonly BridgeSettings[];
}

/** The promises of ports/bridge.ts: every bridge runs this suite. */
export function describeBridge(name: string, subject: BridgeSubject): void {
  describe(`${name} as a bridge`, () => {
    let sockets: UdpSockets;
    let clock: CountingClock;
    beforeEach(() => {
      sockets = new UdpSockets();
      clock = new CountingClock();
    });
    afterEach(() => sockets.release());
    const expectNothingOpen = (): void => {
      expect(sockets.open).toEqual([]);
      expect(clock.waiting).toBe(0);
    };

    it('[BR1] is connected and silent after its start, and leaves no socket and no timer when it stops', async () => {
      const bridge = subject.make(clock);
      const host = new RecordingHost();
      await bridge.start(host);
      expect(bridge.status()).toMatchObject({
        state: 'connected',
        seenAt: null,
        inTotal: 0,
        outTotal: 0,
        refusedTotal: 0,
      });
      expect(bridge.status().reason).toMatch(/^[A-Z].*\.$/);
      expect(bridge.status().url).not.toBe('');
      expect(sockets.open.length).toBeGreaterThan(0);
      await bridge.stop();
      expectNothingOpen();
      expect(host.faults).toEqual([]);
    });

    it('[BR2] stops safely twice, without a start, and while it starts', async () => {
      await subject.make(clock).stop();
      const twice = subject.make(clock);
      await twice.start(new RecordingHost());
      await Promise.all([twice.stop(), twice.stop()]);
      await twice.stop();
      const starting = subject.make(clock);
      const start = starting.start(new RecordingHost());
      const refused = expect(start).rejects.toBeInstanceOf(UnavailableError);
      await starting.stop();
      expectNothingOpen();
      await refused;
    });

    it('[BR3] leaves nothing open when it cannot start, and a new one starts when the cause is gone', async () => {
      const repair = await subject.breakWorld();
      const before = sockets.open;
      const failing = subject.make(clock);
      await expect(failing.start(new RecordingHost())).rejects.toBeInstanceOf(UnavailableError);
      expect(sockets.open).toEqual(before);
      expect(clock.waiting).toBe(0);
      await failing.stop();
      await repair();
      const next = subject.make(clock);
      await next.start(new RecordingHost());
      await next.stop();
      expectNothingOpen();
    });

    it('[BR4] never throws for any signal, before its start, while it runs and after its stop', async () => {
      const bridge = subject.make(clock);
      const feed = (): void =>
        fc.assert(
          fc.property(fc.array(arbitrarySignal([subject.prefix]), { maxLength: 5 }), (batch) => bridge.apply(batch)),
          { numRuns: 300 },
        );
      feed();
      await bridge.start(new RecordingHost());
      feed();
      await bridge.stop();
      feed();
      expectNothingOpen();
    });

    it('[BR5] counts what it sends and what it refuses, and says what it refused', async () => {
      const bridge = subject.make(clock);
      await bridge.start(new RecordingHost());
      bridge.apply([subject.sends]);
      await until('the signal to leave', () => bridge.status().outTotal > 0);
      expect(bridge.status().seenAt).toBeGreaterThan(0);
      expect(bridge.status().refusedTotal).toBe(0);
      bridge.apply([subject.refuses]);
      expect(bridge.status()).toMatchObject({
        refusedTotal: 1,
        reason: expect.stringContaining('Refused: ') as string,
      });
      await bridge.stop();
      bridge.apply([subject.sends]);
      expect(bridge.status().refusedTotal).toBe(2);
    });

    it('[BR6] tells once that its socket died, and nothing after its stop', async () => {
      const bridge = subject.make(clock);
      const host = new RecordingHost();
      await bridge.start(host);
      const [socket] = sockets.open;
      socket?.emit('error', new Error('the card is gone'));
      socket?.emit('error', new Error('the card is gone'));
      expect(host.faults).toHaveLength(1);
      expect(host.faults[0]).toBeInstanceOf(UnavailableError);
      bridge.apply([subject.sends]);
      await bridge.stop();
      socket?.emit('error', new Error('the card is gone'));
      expect(host.faults).toHaveLength(1);
      expectNothingOpen();
    });

    it('[BR8] takes over new settings only while it runs, with its socket open and sending on; what it refuses changes nothing', async () => {
      const bridge = subject.make(clock);
      const all = [...subject.remakes, ...(subject.takesOver ? [subject.takesOver] : [])];
      const refuseAll = (settings: readonly BridgeSettings[]): void =>
        expect(settings.map((each) => bridge.change?.(each, () => [subject.sends], dropped) ?? false)).not.toContain(
          true,
        );
      refuseAll(all);
      const host = new RecordingHost();
      await bridge.start(host);
      bridge.apply([subject.sends]);
      await until('the signal to leave', () => bridge.status().outTotal > 0);
      const [{ url }, open] = [bridge.status(), sockets.open];
      refuseAll(subject.remakes);
      expect(bridge.status()).toMatchObject({ state: 'connected', url });
      if (subject.takesOver) expect(bridge.change?.(subject.takesOver, () => [], dropped)).toBe(true);
      const sent = bridge.status().outTotal;
      bridge.apply([subject.sends]);
      await until('more to leave', () => bridge.status().outTotal > sent);
      expect([sockets.open, host.faults, bridge.status().refusedTotal]).toEqual([open, [], 0]);
      await bridge.stop();
      refuseAll(all);
      expectNothingOpen();
    });

    it('[BR9] says what it holds so that its successor holds the same, before its start, while it runs and after its stop', async () => {
      const [bridge, next] = [subject.make(clock), subject.make(clock)];
      expect(bridge.held?.() ?? []).toEqual([]);
      await bridge.start(new RecordingHost());
      bridge.apply([subject.sends, subject.refuses]);
      const held = bridge.held?.();
      await bridge.stop();
      expect(bridge.held?.()).toEqual(held);
      await next.start(new RecordingHost());
      next.apply(held ?? []);
      expect(next.held?.()).toEqual(held);
      if (held) await until('what was held to leave', () => next.status().outTotal > 0);
      await next.stop();
      expectNothingOpen();
    });
  });
}

export class RecordingHost implements BridgeHost {
  readonly published: Signal[] = [];
  readonly batches: (readonly Signal[])[] = [];
  readonly counts = new Map<number, number>();
  readonly faults: AppError[] = [];
  /** what was to happen at a time, and what becomes of the next */
  readonly timed: { readonly batch: readonly Signal[]; readonly at: Micros }[] = [];
  timedBecomes: ReturnType<BridgeHost['schedule']> = 'waits';
  /** params under its prefix */
  known: readonly Address[] = [];
  returns = 0;
  /** those of them after which nobody knows what the device got last */
  misses = 0;

  publish(batch: readonly Signal[]): void {
    this.batches.push(batch);
    this.published.push(...batch);
  }

  schedule(batch: readonly Signal[], at: Micros): ReturnType<BridgeHost['schedule']> {
    this.timed.push({ batch, at });
    return this.timedBecomes;
  }

  addresses(): readonly Address[] {
    return this.known;
  }

  fault(reason: AppError): void {
    this.faults.push(reason);
  }

  returned({ missed, whole }: DeviceIsBack = {}): void {
    if (missed) this.misses++;
    this.returns++;
    whole?.();
  }
}

/** For what a bridge says it held of outputs that end. */
export const dropped = (): void => undefined;

/** Real time that knows how many timers are set. */
export class CountingClock implements Clock {
  waiting = 0;
  readonly #clock = createSystemClock();

  nowMicros(): Micros {
    return this.#clock.nowMicros();
  }

  after(delay: Millis, run: () => void): Cancel {
    return this.#count((done) => this.#clock.after(delay, done), run);
  }

  at(deadline: Micros, run: () => void): Cancel {
    return this.#count((done) => this.#clock.at(deadline, done), run);
  }

  #count(set: (run: () => void) => Cancel, run: () => void): Cancel {
    let isSet = true;
    this.waiting++;
    const settle = (): void => {
      if (isSet) this.waiting--;
      isSet = false;
    };
    const cancel = set(() => {
      settle();
      run();
    });
    return () => {
      settle();
      cancel();
    };
  }
}
