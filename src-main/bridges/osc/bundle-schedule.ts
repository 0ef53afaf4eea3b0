import type { Cancel } from '../../contract/message-link.ts';
import type { Micros } from '../../contract/units.ts';
import type { Clock } from '../../ports/clock.ts';
import type { OscMessage } from './osc-codec.ts';

/** How far ahead a bundle may be timed. A time beyond it is a clock that is set wrong, not a wish. */
export const aheadMaxMicros = 10_000_000;
/** Groups of messages that wait for their time; more are done at once. */
export const waitingMax = 1024;

/** Holds the messages of timed bundles back until their time. */
export class BundleSchedule {
  readonly #clock: Clock;
  readonly #run: (messages: readonly OscMessage[]) => void;
  readonly #waiting = new Set<Cancel>();

  /** @param run called with messages of one time, in their order */
  constructor(clock: Clock, run: (messages: readonly OscMessage[]) => void) {
    this.#clock = clock;
    this.#run = run;
  }

  /** Runs what is timed for now, for the past or not at all within this call, the rest later.
   *  @returns how many groups were run at once although they were timed for later: too far ahead, or too many */
  take(messages: readonly OscMessage[]): number {
    const now = this.#clock.nowMicros();
    let ignored = 0;
    for (const { at, group } of groupsByTime(messages, now)) {
      const isHeld = at !== undefined && at - now <= aheadMaxMicros && this.#waiting.size < waitingMax;
      if (isHeld) this.#hold(at, group);
      else this.#run(group);
      if (at !== undefined && !isHeld) ignored++;
    }
    return ignored;
  }

  /** Forgets what waits. */
  clear(): void {
    for (const cancel of this.#waiting) cancel();
    this.#waiting.clear();
  }

  #hold(at: Micros, group: readonly OscMessage[]): void {
    const cancel = this.#clock.at(at, () => {
      this.#waiting.delete(cancel);
      this.#run(group);
    });
    this.#waiting.add(cancel);
  }
}

interface Group {
  /** in the future; undefined for now */
  readonly at: Micros | undefined;
  readonly group: OscMessage[];
}

/** Neighbours of one time together, in the order of the packet. */
function groupsByTime(messages: readonly OscMessage[], now: Micros): Group[] {
  const groups: Group[] = [];
  for (const message of messages) {
    const at = message.at !== undefined && message.at > now ? message.at : undefined;
    const last = groups.at(-1);
    if (last && last.at === at) last.group.push(message);
    else groups.push({ at, group: [message] });
  }
  return groups;
}
