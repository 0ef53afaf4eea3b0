import type { Value } from '../../../contract/signal.ts';
import { micros } from '../../../contract/units.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { DeadlineHandle } from '../../clock/deadline-queue.ts';
import { Deadlines } from '../../clock/deadlines.ts';
import type { SubscribeOptions } from '../../protocol/messages.ts';
import type { RouterLimits } from '../limits.ts';
import type { SharedFrame } from '../delivery/shared-frame.ts';
import { isWithin } from '../state/value-distance.ts';

/** Who wants less than everything; known by identity. */
export interface ThinnedSubscription {
  readonly id: number;
  readonly options: SubscribeOptions;
}

/** One message that a session does not want each time. */
export interface Gated {
  /** what takes the place of what: kind and address, and the finger of a gesture */
  readonly key: string;
  /** undefined: far from whatever the session saw last */
  readonly value: Value | undefined;
  /** encoded when it is first sent or kept */
  readonly frame: () => SharedFrame;
  /** those that want this kind, none of which wants all */
  readonly subscriptions: readonly ThinnedSubscription[];
  /** Hz; an upper bound whatever they ask for */
  readonly rateMax: number | undefined;
}

export interface SessionGateOptions {
  readonly clock: Clock;
  readonly send: (frame: SharedFrame) => void;
  /** whether it has neither ended nor been replaced */
  readonly isCurrent: (subscription: ThinnedSubscription) => boolean;
  readonly limits: Pick<RouterLimits, 'thinnedMax' | 'thinnedBytesMax'>;
  /** one message was left out for a newer one, or lay too near to the last */
  readonly onThinned: () => void;
}

interface Sending {
  readonly frame: SharedFrame;
  readonly value: Value | undefined;
}

interface Entry {
  readonly key: string;
  sentAt: number;
  /** what the session has seen last; undefined: nobody knows */
  seen: Value | undefined;
  /** who wanted the last message */
  wanting: readonly ThinnedSubscription[];
  kept: Sending | undefined;
  due: DeadlineHandle | undefined;
}

/** Gives one session as much as its subscriptions asked for by maxRate and epsilon. A message is sent when any of them
 *  wants it: once its time has come, and if its value is far enough from what the session saw last. What came too early
 *  waits, a newer one takes its place, and the last one always arrives. */
export class SessionGate {
  readonly #options: SessionGateOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #dues: Deadlines<Entry>;
  #keptBytes = 0;

  constructor(options: SessionGateOptions) {
    this.#options = options;
    const run = ({ key }: Entry): void => this.flush(key);
    this.#dues = new Deadlines({ clock: options.clock, itemsMax: Infinity, perTurnMax: Infinity, run });
  }

  offer(gated: Gated): void {
    const entry = this.#entryFor(gated);
    const dueAt = wantedAt(gated, entry);
    if (entry.kept || dueAt === undefined) this.#options.onThinned();
    this.#drop(entry);
    if (dueAt === undefined) return;
    const now = this.#options.clock.nowMicros();
    const sending = { frame: gated.frame(), value: gated.value };
    if (dueAt <= now || this.#isFull(sending)) return this.#send(entry, sending);
    sending.frame.keep();
    this.#keptBytes += sending.frame.size;
    entry.kept = sending;
    entry.due = this.#dues.add(micros(Math.ceil(dueAt)), entry);
  }

  /** Sends what waits under this key now: something follows that must not overtake it. */
  flush(key: string): void {
    const entry = this.#entries.get(key);
    const kept = entry?.kept;
    if (!entry || !kept) return;
    this.#drop(entry);
    if (this.#isWanted(entry)) this.#send(entry, kept);
  }

  /** The session has been shown what stands there by other means. */
  showed(key: string): void {
    const entry = this.#entries.get(key);
    if (entry) entry.seen = undefined;
  }

  /** All that it knows something about. */
  keys(): Iterable<string> {
    return this.#entries.keys();
  }

  /** Something newer has gone past the gate. */
  passed(key: string): void {
    const entry = this.#entries.get(key);
    if (!entry) return;
    this.#drop(entry);
    this.#entries.delete(key);
  }

  /** What was kept goes with it. */
  close(): void {
    this.#dues.clear();
    this.#entries.clear();
  }

  #entryFor({ key, subscriptions: wanting }: Gated): Entry {
    const known = this.#entries.get(key);
    // What came while nobody wanted it is newer than all that is known here.
    if (known && !this.#isWanted(known)) this.passed(key);
    else if (known) {
      known.wanting = wanting;
      return known;
    }
    if (this.#entries.size >= this.#options.limits.thinnedMax) this.#forgetOldest();
    const entry: Entry = { key, sentAt: -Infinity, seen: undefined, wanting, kept: undefined, due: undefined };
    this.#entries.set(key, entry);
    return entry;
  }

  #isWanted({ wanting }: Entry): boolean {
    return wanting.some(this.#options.isCurrent);
  }

  #forgetOldest(): void {
    const [oldest] = this.#entries.values();
    if (!oldest) return;
    this.flush(oldest.key);
    this.#entries.delete(oldest.key);
  }

  #send(entry: Entry, { frame, value }: Sending): void {
    entry.sentAt = this.#options.clock.nowMicros();
    entry.seen = value;
    // The one that was sent last is forgotten last.
    this.#entries.delete(entry.key);
    this.#entries.set(entry.key, entry);
    this.#options.send(frame);
  }

  #isFull({ frame }: Sending): boolean {
    return this.#keptBytes + frame.size > this.#options.limits.thinnedBytesMax;
  }

  #drop(entry: Entry): void {
    this.#keptBytes -= entry.kept?.frame.size ?? 0;
    entry.kept = undefined;
    if (entry.due) this.#dues.cancel(entry.due);
    entry.due = undefined;
  }
}

/** @returns when the first of the subscriptions wants this message; undefined when none ever does */
function wantedAt({ subscriptions, value, rateMax }: Gated, { sentAt, seen }: Entry): number | undefined {
  let wanted: number | undefined;
  for (const { options } of subscriptions) {
    const { maxRate, epsilon } = options;
    if (epsilon !== undefined && seen && value && isWithin(seen, value, epsilon)) continue;
    const rate = Math.min(maxRate || Infinity, rateMax ?? Infinity);
    const at = sentAt + 1_000_000 / rate;
    if (wanted === undefined || at < wanted) wanted = at;
  }
  return wanted;
}
