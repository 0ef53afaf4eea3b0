import type { Cancel } from '../contract/message-link.ts';
import { micros, millisToMicros, type Micros } from '../contract/units.ts';
import type { Clock } from '../ports/clock.ts';

/** Asking for it each time takes longer than `performance.now()` itself. */
const { timeOrigin } = performance;

/** The longest wait that Node's timers can hold; longer ones are taken in steps. */
const stepMsMax = 2 ** 31 - 1;

/** Runs once, not before the deadline if that can be helped, and never inside the call. */
export type Wait = (deadline: Micros, run: () => void) => Cancel;

/** The machine's time: the wall clock as it stood when the process began, carried on by the monotonic counter. So it
 *  never jumps, also when someone sets the machine's clock; time asleep (suspend) is not counted.
 *  A deadline is never early, and earlier ones run first however late it is: Node alone promises neither.
 *  A timer that is set keeps the process alive until it ran or was cancelled.
 *  @param waitFor the next deadline; Node's timers without it, which come up to 1.2 ms after it on an idle machine */
export function createSystemClock(waitFor: Wait = waitUntil): Clock {
  /** earliest first */
  const timers: Timer[] = [];
  let order = 0;
  let cancelWait: Cancel | undefined;

  return {
    nowMicros,
    after: (delay, run) => at(micros(nowMicros() + millisToMicros(delay)), run),
    at,
  };

  function at(deadline: Micros, run: () => void): Cancel {
    const timer: Timer = { deadline, order: order++, run };
    const index = indexFor(timers, timer);
    timers.splice(index, 0, timer);
    if (index === 0) wait();
    return () => cancel(timer);
  }

  function cancel(timer: Timer): void {
    const index = indexFor(timers, timer);
    if (timers[index] !== timer) return;
    timers.splice(index, 1);
    if (index === 0) wait();
  }

  function wait(): void {
    cancelWait?.();
    cancelWait = timers[0] && waitFor(timers[0].deadline, runDue);
  }

  /** Runs what is due, but nothing that was set up meanwhile: sockets get their turn in between. */
  function runDue(): void {
    const orderEnd = order;
    try {
      for (let first = timers[0]; first && first.order < orderEnd && first.deadline <= nowMicros(); first = timers[0]) {
        timers.shift();
        first.run();
      }
    } finally {
      wait();
    }
  }
}

interface Timer {
  readonly deadline: Micros;
  /** of setting up, for those of one instant */
  readonly order: number;
  readonly run: () => void;
}

export function nowMicros(): Micros {
  return micros((timeOrigin + performance.now()) * 1000);
}

/** Where the timer is in the list, or has its place. */
function indexFor(timers: readonly Timer[], timer: Timer): number {
  let low = 0;
  let high = timers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const other = timers[middle];
    const isBefore = other && (other.deadline - timer.deadline || other.order - timer.order) < 0;
    if (isBefore) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** May be early by a part of a millisecond, to which Node cuts its timers, and by all that a step leaves over. */
export function waitUntil(deadline: Micros, run: () => void): Cancel {
  const remainingMs = (deadline - nowMicros()) / 1000;
  if (remainingMs <= 0) {
    const immediate = setImmediate(run);
    return () => clearImmediate(immediate);
  }
  const timeout = setTimeout(run, Math.min(stepMsMax, Math.ceil(remainingMs)));
  return () => clearTimeout(timeout);
}
