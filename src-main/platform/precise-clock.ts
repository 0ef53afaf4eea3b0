import process from 'node:process';
import type { Cancel } from '../contract/message-link.ts';
import type { Micros } from '../contract/units.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import { createSystemClock, nowMicros, waitUntil } from './system-clock.ts';
import { startWakeUp, type WakeUp } from './wake-up.ts';

/** Farther away, a timer of Node is good enough to look again. */
const nearMicros = 50_000;
/** The thread calls so much earlier, since a call takes 0.03 to 0.2 ms to arrive; the rest is spent in turns of the loop. */
const leadMicros = 200;
/** A call that comes earlier than this before the deadline was meant for one before it. */
const spinMicrosMax = 1000;

export interface PreciseClockOptions {
  /** the thread's entry: `out/main/wake-up-worker.js`, or the source in tests */
  readonly worker: string | URL;
  readonly log: Log;
}

export interface PreciseClock extends Clock {
  /** Timers that are set run as those of the system clock. */
  close(): Promise<void>;
}

/** The system clock with deadlines to some 0.1 ms on an idle machine. A thread of its own, begun with the first deadline,
 *  sleeps until shortly before each; from there on the event loop looks at the clock in each of its turns, 0.2 ms at the
 *  most, and still serves its sockets. Nothing is spent while nothing is due. Should the thread fail or be late, a timer of
 *  Node runs what is due. */
export function createPreciseClock({ worker, log }: PreciseClockOptions): PreciseClock {
  let wakeUp: WakeUp | undefined;
  let isClosed = false;
  /** The clock below waits for one deadline at a time. */
  let current: { readonly deadline: Micros; readonly look: () => void } | undefined;

  return { ...createSystemClock(waitFor), close };

  function waitFor(deadline: Micros, run: () => void): Cancel {
    const remaining = deadline - nowMicros();
    if (isClosed) return waitUntil(deadline, run);
    if (remaining > nearMicros) return waitUntil((deadline - nearMicros) as Micros, run);
    let next: NodeJS.Immediate | undefined;
    const cancelTimer = waitUntil(deadline, end);
    const look = (): void => {
      next ??= setImmediate(() => {
        next = undefined;
        if (nowMicros() < deadline) look();
        else end();
      });
    };
    current = { deadline, look };
    if (remaining <= leadMicros) look();
    else begin().set(process.hrtime.bigint() + BigInt(Math.trunc((remaining - leadMicros) * 1000)));
    return cancel;

    function end(): void {
      cancel();
      run();
    }

    function cancel(): void {
      cancelTimer();
      clearImmediate(next);
      current = undefined;
    }
  }

  function begin(): WakeUp {
    wakeUp ??= startWakeUp({ worker, log, onWake });
    return wakeUp;
  }

  function onWake(): void {
    if (current && current.deadline - nowMicros() <= spinMicrosMax) current.look();
  }

  async function close(): Promise<void> {
    isClosed = true;
    await wakeUp?.close();
  }
}
