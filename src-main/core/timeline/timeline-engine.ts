import type { Address } from '../../contract/address.ts';
import type { Cancel } from '../../contract/message-link.ts';
import { sameValue, type Value } from '../../contract/signal.ts';
import type { Hertz, Micros } from '../../contract/units.ts';
import type { Clock } from '../../ports/clock.ts';
import { encodedSize } from '../protocol/values.ts';
import {
  assertRoom,
  checkRequests,
  noTimelineAt,
  timelineEngineLimits,
  type AddressedRequest,
  type TimelineEngineLimits,
} from './check-requests.ts';
import { nextTick, tickRate } from './tick-grid.ts';
import { encodeTimeline } from './timeline-carrier.ts';
import type { TimelineCommand } from './timeline-command.ts';
import { TimelinePlayer } from './timeline-player.ts';
import type { PlayState, TimelineReport } from './timeline-report.ts';
import { checkTimeline, type Timeline } from './timeline.ts';

export interface TimelineEngineOptions {
  readonly clock: Clock;
  /** Sets the param at an address.
   *  @returns whether it was accepted; what was refused is tried again at the next tick while the timeline plays */
  readonly write: (address: Address, value: Value) => boolean;
  /** a timeline came, changed its state, was told something, or (undefined) was removed */
  readonly onState: (address: Address, report: TimelineReport | undefined) => void;
  /** all that was due at one instant has been written and told */
  readonly onRan?: () => void;
  /** ticks a second, whole, 1..240; 60 without it */
  readonly rate?: number;
  readonly limits?: TimelineEngineLimits;
}

interface Entry {
  readonly address: Address;
  readonly player: TimelinePlayer;
  readonly bytes: number;
  /** when it is looked at next; undefined: not until it is told something */
  dueAt: Micros | undefined;
  /** what its address got from it last, unless it was set going since, or refused */
  written: Value | undefined;
  /** the state that was told last; undefined when there is something new to tell */
  told: PlayState | undefined;
}

/** Plays timelines into the params of their addresses, one timeline for each address.
 *  A value is written when it differs from the last one written. What was put or told shows at once, by a deadline of its
 *  own in the same turn of the clock, never inside the call; so does the start and the end of a timeline, at exactly its
 *  time. In between, values come at the ticks (see `nextTick`). A tick that is late is one tick, however many passed.
 *  Nothing is scheduled while nothing plays or waits. First comes the value, then the state. */
export class TimelineEngine {
  readonly #options: TimelineEngineOptions;
  readonly #limits: TimelineEngineLimits;
  readonly #rate: Hertz;
  readonly #entries = new Map<Address, Entry>();
  #bytes = 0;
  #wake: { readonly at: Micros; readonly cancel: Cancel } | undefined;
  #isRunning = false;

  /** @throws InputError 'bad-number' for a rate out of range */
  constructor(options: TimelineEngineOptions) {
    this.#options = options;
    this.#limits = options.limits ?? timelineEngineLimits;
    this.#rate = tickRate(options.rate ?? 60);
  }

  /** Takes the place of the timeline at that address. It plays from its start time, without one from now.
   *  @param autoplay false: it is kept, stopped
   *  @throws InputError 'bad-timeline', LimitError 'too-many-timelines'; then everything is as before */
  put(address: Address, timeline: Timeline, autoplay = true): void {
    checkTimeline(timeline);
    const before = this.#entries.get(address);
    const bytes = encodedSize(encodeTimeline(timeline));
    const count = this.#entries.size + (before ? 0 : 1);
    assertRoom({ count, bytes: this.#bytes - (before?.bytes ?? 0) + bytes }, this.#limits);
    const now = this.#options.clock.nowMicros();
    const player = new TimelinePlayer(timeline, now, autoplay);
    const entry: Entry = { address, player, bytes, dueAt: now, written: undefined, told: undefined };
    this.#bytes += bytes - (before?.bytes ?? 0);
    this.#entries.set(address, entry);
    this.#wakeAt(now);
  }

  /** @throws InputError 'unknown-id' where there is no timeline, 'bad-timeline' for what this one cannot do; then nothing
   *  changed */
  command(address: Address, command: TimelineCommand): void {
    const entry = this.#entries.get(address);
    if (!entry) throw noTimelineAt(address);
    if (command.command === 'remove') {
      this.remove(address);
      return;
    }
    const now = this.#options.clock.nowMicros();
    entry.player.apply(command, now);
    // Somebody else may have moved the param while it rested: the first value is written even if it is the last one again.
    if (['play', 'resume', 'seek'].includes(command.command)) entry.written = undefined;
    entry.told = undefined;
    entry.dueAt = now;
    this.#wakeAt(now);
  }

  /** Judges requests that are to be done one after the other, and does none of them.
   *  @throws what `put` or `command` would throw for the first that could not be done after those before it */
  check(requests: readonly AddressedRequest[]): void {
    checkRequests(requests, {
      now: this.#options.clock.nowMicros(),
      limits: this.#limits,
      count: this.#entries.size,
      bytes: this.#bytes,
      get: (address) => this.#entries.get(address),
    });
  }

  /** The address keeps the value it has.
   *  @returns whether there was one */
  remove(address: Address): boolean {
    const entry = this.#entries.get(address);
    if (!entry) return false;
    this.#entries.delete(address);
    this.#bytes -= entry.bytes;
    this.#arm();
    this.#options.onState(address, undefined);
    return true;
  }

  get size(): number {
    return this.#entries.size;
  }

  has(address: Address): boolean {
    return this.#entries.has(address);
  }

  /** May be read on while timelines come and go. */
  addresses(): Iterable<Address> {
    return this.#entries.keys();
  }

  get(address: Address): TimelineReport | undefined {
    const entry = this.#entries.get(address);
    return entry && this.#reportOf(entry);
  }

  /** All of them, in the order in which their addresses first came. */
  list(): readonly (readonly [Address, TimelineReport])[] {
    return [...this.#entries.values()].map((entry) => [entry.address, this.#reportOf(entry)]);
  }

  /** Pauses what plays, and what waits for its start. */
  holdAll(): void {
    const now = this.#options.clock.nowMicros();
    for (const [address, { player }] of [...this.#entries]) {
      const { state } = player.status(now);
      if (state === 'playing' || state === 'waiting') this.command(address, { command: 'pause' });
    }
  }

  /** Removes all. */
  clear(): void {
    for (const address of [...this.#entries.keys()]) this.remove(address);
  }

  #run(): void {
    this.#wake = undefined;
    this.#isRunning = true;
    const now = this.#options.clock.nowMicros();
    try {
      // A copy: what is written may lead to another timeline being put or removed.
      for (const entry of [...this.#entries.values()]) {
        if (entry.dueAt !== undefined && entry.dueAt <= now && this.#isThere(entry)) this.#play(entry, now);
      }
    } finally {
      this.#isRunning = false;
      this.#arm();
    }
    this.#options.onRan?.();
  }

  #play(entry: Entry, now: Micros): void {
    const { state, value } = entry.player.at(now);
    entry.dueAt = this.#dueAfter(entry.player, state, now);
    if (value && !(entry.written && sameValue(entry.written, value))) {
      entry.written = value;
      if (!this.#options.write(entry.address, value)) entry.written = undefined;
    }
    if (entry.told === state || !this.#isThere(entry)) return;
    const report = this.#reportOf(entry);
    entry.told = report.status.state;
    this.#options.onState(entry.address, report);
  }

  #dueAfter(player: TimelinePlayer, state: PlayState, now: Micros): Micros | undefined {
    const change = player.nextChange(now);
    if (state !== 'playing') return change;
    const tick = nextTick(now, this.#rate);
    return change !== undefined && change < tick ? change : tick;
  }

  #isThere(entry: Entry): boolean {
    return this.#entries.get(entry.address) === entry;
  }

  #reportOf({ player }: Entry): TimelineReport {
    return { timeline: player.timeline, status: player.status(this.#options.clock.nowMicros()) };
  }

  #arm(): void {
    let first: Micros | undefined;
    for (const { dueAt } of this.#entries.values()) {
      if (dueAt !== undefined && (first === undefined || dueAt < first)) first = dueAt;
    }
    if (this.#isRunning || this.#wake?.at === first) return;
    this.#wake?.cancel();
    this.#wake = undefined;
    if (first !== undefined) this.#wakeAt(first);
  }

  /** At the latest then. A run arms anew when it is done. */
  #wakeAt(at: Micros): void {
    if (this.#isRunning || (this.#wake && this.#wake.at <= at)) return;
    this.#wake?.cancel();
    this.#wake = { at, cancel: this.#options.clock.at(at, () => this.#run()) };
  }
}
