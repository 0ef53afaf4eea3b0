import type { Address } from '../contract/address.ts';
import type { Cancel } from '../contract/message-link.ts';
import type { Signal } from '../contract/signal.ts';
import { micros, millis, millisToMicros, type Micros } from '../contract/units.ts';
import type { Clock } from '../ports/clock.ts';

/** What one bridge may bring in a second unless it says otherwise: far above any desk, far below what signals that go round would reach. */
export const publishesMax = 5000;
/** Params of which the newest value waits for the next second. */
export const heldParamsMax = 5000;
/** How long what was left out keeps the bridge asking for a look. */
export const overflowShown = millis(2000);
const second = millis(1000);

/** Stands between one bridge and the router, so that signals that go round through it cannot use up the machine. */
export interface PublishLimit {
  /** Hands on what the second still takes. Of params past that the newest value of each follows when the next second
   *  begins; older values and all other kinds are left out and counted. */
  publish(batch: readonly Signal[]): void;
  /** Whether the second still takes so many that come together: all of them count, or, left out, none; who
   *  asked counts what is left out. */
  takes(count: number): boolean;
  /** signals left out */
  droppedTotal(): number;
  /** why it asks for a look, as a sentence; undefined while nothing has been left out of late */
  trouble(): string | undefined;
  /** What waits does not follow any more. */
  stop(): void;
}

/** @param bringsMax signals in a second */
export function createPublishLimit(
  clock: Clock,
  publish: (batch: readonly Signal[]) => void,
  bringsMax: number = publishesMax,
): PublishLimit {
  let secondEnds: Micros = micros(0);
  let left = 0;
  let held = new Map<Address, Signal>();
  let cancelNext: Cancel | undefined;
  let droppedTotal = 0;
  let fullAt: Micros | undefined;

  const pass = (batch: readonly Signal[]): void => {
    const passing = batch.slice(0, left);
    left -= passing.length;
    const excess = batch.slice(passing.length);
    for (const signal of excess) hold(signal);
    if (excess.length > 0) {
      fullAt = clock.nowMicros();
      cancelNext ??= clock.at(secondEnds, beginSecond);
    }
    if (passing.length > 0) publish(passing);
  };
  const hold = (signal: Signal): void => {
    const isKept = signal.kind === 'param' && (held.has(signal.address) || held.size < heldParamsMax);
    if (!isKept || held.has(signal.address)) droppedTotal++;
    if (isKept) held.set(signal.address, signal);
  };
  const beginSecond = (): void => {
    cancelNext?.();
    cancelNext = undefined;
    secondEnds = micros(clock.nowMicros() + millisToMicros(second));
    left = bringsMax;
    const waited = [...held.values()];
    held = new Map();
    pass(waited);
  };

  return {
    publish: (batch) => {
      if (clock.nowMicros() >= secondEnds) beginSecond();
      pass(batch);
    },
    takes: (count) => {
      if (clock.nowMicros() >= secondEnds) beginSecond();
      const fits = count <= left;
      if (fits) left -= count;
      else fullAt = clock.nowMicros();
      return fits;
    },
    droppedTotal: () => droppedTotal,
    trouble: () => (isRecent(fullAt, clock.nowMicros()) ? overflowWords(bringsMax) : undefined),
    stop: () => {
      cancelNext?.();
      cancelNext = undefined;
      held.clear();
    },
  };
}

function isRecent(fullAt: Micros | undefined, now: Micros): boolean {
  return fullAt !== undefined && now - fullAt < millisToMicros(overflowShown);
}

function overflowWords(bringsMax: number): string {
  return `It brings more than ${bringsMax} signals a second; the rest is left out. Look for signals that go round.`;
}
