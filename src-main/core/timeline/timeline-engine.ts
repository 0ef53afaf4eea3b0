import type { Address } from '../../contract/address.ts';
import { sameValue, type Value } from '../../contract/signal.ts';
import type { Hertz, Micros } from '../../contract/units.ts';
import type { Clock } from '../../ports/clock.ts';
import { amountOf, checkRequests, noTimelineAt, type AddressedRequest, type Playing } from './check-requests.ts';
import { tryRevive } from './revived-player.ts';
import { tickRate } from './tick-grid.ts';
import { TickPace, type Paced } from './tick-pace.ts';
import type { TimelineCommand } from './timeline-command.ts';
import { TimelinePlayer } from './timeline-player.ts';
import type { KeptTimeline, PlayState, TimelineReport } from './timeline-report.ts';
import {
  hasRoom,
  nothing,
  plus,
  timelineEngineLimits,
  type TimelineAmount,
  type TimelineEngineLimits,
  type TimelineShare,
} from './timeline-room.ts';
import type { Timeline } from './timeline.ts';

export interface TimelineEngineOptions {
  readonly clock: Clock;
  /** Sets the param at an address.
   *  @returns whether it was accepted; what was refused is tried again at the next tick while the timeline plays */
  readonly write: (address: Address, value: Value) => boolean;
  /** a timeline came, changed its state, was told something, or (undefined) was removed */
  readonly onState: (address: Address, report: TimelineReport | undefined) => void;
  /** what was due in one turn has been written and told */
  readonly onRan?: () => void;
  /** an owner of timelines wants more ticks than it gets, and did not a moment ago: the share with which they were put, or the
   *  engine for those that are nobody's. `part`: what it gets of what it wants, 0..1 */
  readonly onOver?: (owner: object, part: number) => void;
  /** ticks a second of timelines that ask for no rate themselves, whole, 1..240; 60 without it */
  readonly rate?: number | undefined;
  readonly limits?: TimelineEngineLimits;
}

interface Entry extends Playing, Paced {
  readonly address: Address;
  /** what its address got from it last, unless it was set going since, or refused */
  written: Value | undefined;
  /** the state that was told last; undefined when there is something new to tell */
  told: PlayState | undefined;
}

/** Plays timelines into the params of their addresses, one timeline for each address.
 *  A value is written when it differs from the last one written. What was put or told shows at once, by a deadline of its
 *  own in the same turn of the clock, never inside the call; so does the start and the end of a timeline, at exactly its
 *  time. In between, values come at the ticks (see `nextTick`), fewer for who asks for more than its part of the processor
 *  (see `TickBudget`). A tick that is late is one tick, however many passed.
 *  Nothing is scheduled while nothing plays or waits. First comes the value, then the state. */
export class TimelineEngine {
  readonly #options: TimelineEngineOptions;
  readonly #limits: TimelineEngineLimits;
  readonly #rate: Hertz;
  readonly #entries = new Map<Address, Entry>();
  readonly #pace: TickPace<Entry>;
  #amount: TimelineAmount = nothing;

  /** @throws InputError 'bad-number' for a rate out of range */
  constructor(options: TimelineEngineOptions) {
    const { clock, limits = timelineEngineLimits, rate = 60 } = options;
    const { onRan = () => undefined, onOver = () => undefined } = options;
    this.#options = options;
    this.#limits = limits;
    this.#rate = tickRate(rate);
    const run = (entry: Entry): void => this.#play(entry, clock.nowMicros());
    this.#pace = new TickPace({ clock, work: limits.work, free: this, run, onRan, onOver });
  }

  /** Takes the place of the timeline at that address. It plays from its start time, without one from now.
   *  @param options autoplay: false keeps it, stopped. share: of who puts it, kept up by the engine
   *  @throws InputError 'bad-timeline', LimitError 'too-many-timelines'; then everything is as before */
  put(
    address: Address,
    timeline: Timeline,
    { autoplay = true, share }: { readonly autoplay?: boolean; readonly share?: TimelineShare | undefined } = {},
  ): void {
    this.check([{ address, request: { kind: 'put', timeline, autoplay } }], share);
    const now = this.#options.clock.nowMicros();
    this.#add({ address, player: new TimelinePlayer(timeline, now, autoplay), amount: amountOf(timeline), share });
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
    this.#pace.plan(entry, now);
  }

  /** Judges requests that are to be done one after the other, and does none of them.
   *  @param share of who asks
   *  @throws what `put` or `command` would throw for the first that could not be done after those before it */
  check(requests: readonly AddressedRequest[], share?: TimelineShare): void {
    const there = {
      now: this.#options.clock.nowMicros(),
      limits: this.#limits,
      amount: this.#amount,
      get: (address: Address) => this.#entries.get(address),
    };
    checkRequests(requests, there, share);
  }

  /** Puts back what an earlier run kept. What played plays on as if it had never stopped, also past its end; what was at
   *  rest sets nothing, for somebody may have moved its param since. Addresses that have a timeline already keep it.
   *  @returns how many are back; the others are out of bounds, or make no sense */
  restore(kept: Iterable<KeptTimeline>): number {
    let restored = 0;
    for (const { address, report } of kept) if (this.#tryRestore(address, report)) restored++;
    return restored;
  }

  /** The address keeps the value it has.
   *  @returns whether there was one */
  remove(address: Address): boolean {
    const entry = this.#entries.get(address);
    if (!entry) return false;
    this.#entries.delete(address);
    this.#forget(entry);
    this.#options.onState(address, undefined);
    return true;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** ticks left out since their owner asked for more than its part of the processor */
  get leftOutTotal(): number {
    return this.#pace.leftOutTotal;
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

  #add(playing: Playing & { readonly address: Address }): Entry {
    const before = this.#entries.get(playing.address);
    if (before) this.#forget(before);
    const { timeline } = playing.player;
    const paced = this.#pace.enter(playing.share ?? this, timeline, timeline.tickRate ?? this.#rate);
    const entry: Entry = { ...playing, ...paced, written: undefined, told: undefined };
    this.#amount = plus(this.#amount, entry.amount);
    if (entry.share) entry.share.amount = plus(entry.share.amount, entry.amount);
    this.#entries.set(entry.address, entry);
    this.#pace.plan(entry, this.#options.clock.nowMicros());
    return entry;
  }

  #forget(entry: Entry): void {
    this.#pace.leave(entry);
    this.#amount = plus(this.#amount, entry.amount, -1);
    if (entry.share) entry.share.amount = plus(entry.share.amount, entry.amount, -1);
  }

  #tryRestore(address: Address, report: TimelineReport): boolean {
    const now = this.#options.clock.nowMicros();
    const revived = this.#entries.has(address) ? undefined : tryRevive(report, now);
    if (!revived || !hasRoom(plus(this.#amount, revived.amount), this.#limits)) return false;
    const entry = this.#add({ ...revived, address, share: undefined });
    if (report.status.state === 'playing' || report.status.state === 'waiting') return true;
    this.#pace.plan(entry, undefined);
    const { state, value } = entry.player.at(now);
    entry.written = value;
    entry.told = state;
    return true;
  }

  #play(entry: Entry, now: Micros): void {
    const { state, value } = entry.player.at(now);
    this.#pace.plan(entry, this.#dueAfter(entry, state, now));
    if (value && !(entry.written && sameValue(entry.written, value))) {
      entry.written = value;
      if (!this.#options.write(entry.address, value)) entry.written = undefined;
    }
    if (entry.told === state || this.#entries.get(entry.address) !== entry) return;
    const report = this.#reportOf(entry);
    entry.told = report.status.state;
    this.#options.onState(entry.address, report);
  }

  #dueAfter(entry: Entry, state: PlayState, now: Micros): Micros | undefined {
    const change = entry.player.nextChange(now);
    this.#pace.setPlaying(entry, state === 'playing');
    return state === 'playing' ? this.#pace.next(entry, now, change) : change;
  }

  #reportOf({ player }: Entry): TimelineReport {
    return { timeline: player.timeline, status: player.status(this.#options.clock.nowMicros()) };
  }
}
