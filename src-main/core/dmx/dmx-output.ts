import { parseAddress, type Address } from '../../contract/address.ts';
import type { Cancel } from '../../contract/message-link.ts';
import type { Signal, Value } from '../../contract/signal.ts';
import type { Millis } from '../../contract/units.ts';
import type { Clock } from '../../ports/clock.ts';
import type { AskedUniverse, DeskLine, DeskOutput, DeskSeat, SourceName } from '../../ports/dmx-desk.ts';
import { slotsPerUniverse, tryDmxAddress, type DmxAddress } from './dmx-address.ts';
import { DmxRefusals, type DmxRefusal } from './dmx-refusals.ts';
import { FrameSchedule } from './frame-schedule.ts';
import { UniverseFrame, type FloatMeaning, type FrameChange } from './universe-frame.ts';

export interface DmxOutputOptions {
  /** signals at `<prefix>/{universe}/{slot}` are for this output; no slash at its end */
  readonly prefix: string;
  /** 0 where universes count from 0; 1 otherwise */
  readonly universeMin?: 0 | 1;
  /** the pace in microseconds while nothing changes; E1.31's otherwise */
  readonly keepAliveMicros?: number;
  /** what floats mean at first */
  readonly floats: FloatMeaning;
  /** whether the output sends this universe now; it bounds how many frames there can be */
  readonly covers: (universe: number) => boolean;
  /** slots 1..512 that leave of each universe now; all without */
  readonly slots?: () => number;
  readonly clock: Clock;
  /** Puts a frame on the wire, whose levels are valid during the call; must not throw. */
  readonly send: (frame: SentFrame) => void;
  /** what finishes levels before they leave; without it they leave as they were asked for */
  readonly desk?: DeskSeat | undefined;
  /** how receivers know a universe */
  readonly source?: (universe: number) => SourceName;
  /** when the frames of a universe go out; as streaming ACN wants it without */
  readonly schedule?: () => OutputSchedule;
}

/** When the frame of one universe goes out next. */
export type OutputSchedule = Pick<FrameSchedule, 'change' | 'dueAt' | 'sent'> & { restart?(): void };

export interface SentFrame {
  readonly universe: number;
  /** 512 of them, slot 1 first */
  readonly levels: Readonly<Uint8Array>;
}

/** Turns signals into frames of universes and says when each goes out.
 *  A universe begins with its first value: sent from the start it would be dark, and would darken what another console
 *  holds at the same priority before anything was asked of it. */
export class DmxOutput {
  readonly #options: DmxOutputOptions;
  readonly #universes = new Map<number, RunningUniverse>();
  readonly #refusals: DmxRefusals;
  #floats: FloatMeaning;
  #state: 'waiting' | 'running' | 'stopped' = 'waiting';
  #line: DeskLine | undefined;

  constructor(options: DmxOutputOptions) {
    this.#options = options;
    this.#refusals = new DmxRefusals(options.clock);
    this.#floats = options.floats;
  }

  /** Signals that could not be sent whole, each counted once. */
  get refusedTotal(): number {
    return this.#refusals.total;
  }

  /** What was last refused and why, as a sentence; undefined while nothing was. */
  get lastRefusal(): string | undefined {
    return this.#refusals.last;
  }

  /** Whether a signal was refused within this time: something sends what no lamp can show. */
  refusedWithin(time: Millis): boolean {
    return this.#refusals.isWithin(time);
  }

  /** The newest signal within this time of which nothing could be sent, and why. */
  unsentWithin(time: Millis): ReturnType<DmxRefusals['unsentWithin']> {
    return this.#refusals.unsentWithin(time);
  }

  /** Never throws. All signals of one batch that meet in a universe leave in one frame. What comes before the start is
   *  kept for it. */
  apply(batch: readonly Signal[]): void {
    const touched = new Set<RunningUniverse>();
    for (const signal of batch) {
      const running = this.#set(signal);
      if (running) touched.add(running);
    }
    if (this.#state !== 'running') return;
    for (const running of this.#line ? this.#reached(touched, this.#line) : touched) this.#run(running);
  }

  /** Sends from now on. */
  start(): void {
    this.#state = 'running';
    const { desk } = this.#options;
    this.#line = desk?.desk.join(desk.bridgeId, this.#asDeskOutput());
    this.#beginWanted();
    for (const running of this.#universes.values()) this.#run(running);
  }

  /** Sends no more. */
  stop(): void {
    this.#state = 'stopped';
    this.#line?.leave();
    for (const running of this.#universes.values()) running.cancel?.();
  }

  /** Sends every universe that began at once, where its schedule knows of that. */
  restart(): void {
    for (const running of this.#universes.values()) {
      running.schedule.restart?.();
      if (this.#state === 'running') this.#run(running);
    }
  }

  /** As `apply`, for those universes alone that have not begun: the others have newer values. */
  begin(batch: readonly Signal[]): void {
    this.apply(
      batch.filter(({ address }) => {
        const place = this.#placeOf(address);
        return place && !this.#universes.has(place.universe);
      }),
    );
  }

  /** Goes by what `covers` says now.
   *  @returns universes that had begun and are no longer sent, with what `held` said of each */
  leaveOut(): readonly LeftUniverse[] {
    const left: LeftUniverse[] = [];
    for (const [universe, { frame, cancel }] of this.#universes) {
      if (this.#options.covers(universe)) continue;
      cancel?.();
      this.#universes.delete(universe);
      left.push({ universe, held: this.#signalsOf(frame) });
    }
    return left;
  }

  /** Gives floats another meaning. Universes go out once more as soon as their rate allows, since something that leaves
   *  with them may be another one now. */
  change(floats: FloatMeaning): void {
    this.#floats = floats;
    for (const running of this.#universes.values()) {
      running.frame.reinterpret(floats);
      running.schedule.change();
      if (this.#state === 'running') this.#run(running);
    }
    this.#beginWanted();
  }

  /** The levels of every universe that began: applied to another output under the same prefix, they are there. */
  held(): readonly Signal[] {
    return [...this.#universes.values()].flatMap(({ frame }) => this.#signalsOf(frame));
  }

  /** @returns none for a universe in which nobody asked for a level */
  #signalsOf({ universe, given }: UniverseFrame): readonly Signal[] {
    if (given.length === 0) return [];
    return [{ kind: 'param', address: this.#addressOf(universe, 1), value: { type: 'array', value: given } }];
  }

  #addressOf(universe: number, slot: number): Address {
    return parseAddress(`${this.#options.prefix}/${universe}/${slot}`);
  }

  #asDeskOutput(): DeskOutput {
    const { source, covers } = this.#options;
    return {
      refinish: (universes = [...this.#universes.keys()]) => this.#refinish(universes),
      universes: () => [...this.#universes.keys()],
      asked: (universe) => this.#asked(universe),
      ...(source && { source: (universe) => (covers(universe) ? source(universe) : undefined) }),
    };
  }

  #asked(universe: number): AskedUniverse | undefined {
    const frame = this.#universes.get(universe)?.frame;
    if (!frame) return undefined;
    const addressOf = (slot: number): Address | undefined => {
      const setAt = frame.setAt(slot);
      return setAt === undefined ? undefined : this.#addressOf(universe, setAt);
    };
    return { universe, levels: frame.levels, addressOf };
  }

  #refinish(universes: readonly number[]): void {
    for (const universe of universes) {
      const running = this.#begun(universe);
      running?.schedule.change();
      if (running && this.#state === 'running') this.#run(running);
    }
  }

  #beginWanted(): void {
    if (this.#line) this.#refinish(this.#line.wanted().filter((universe) => !this.#universes.has(universe)));
  }

  /** Those that changed, and those that levels of theirs leave in. */
  #reached(touched: ReadonlySet<RunningUniverse>, line: DeskLine): ReadonlySet<RunningUniverse> {
    const reached = new Set<RunningUniverse>();
    for (const { frame } of touched) {
      for (const universe of line.reach(frame.universe)) {
        const running = this.#begun(universe);
        running?.schedule.change();
        if (running) reached.add(running);
      }
    }
    return reached;
  }

  #newSchedule(): OutputSchedule {
    return this.#options.schedule?.() ?? new FrameSchedule(this.#options.keepAliveMicros);
  }

  /** @returns undefined for a universe that the output does not send */
  #begun(universe: number): RunningUniverse | undefined {
    const known = this.#universes.get(universe);
    if (known || !this.#options.covers(universe)) return known;
    const running = { frame: new UniverseFrame(universe), schedule: this.#newSchedule(), cancel: undefined };
    this.#universes.set(universe, running);
    return running;
  }

  /** @returns the universe whose frame changed or began */
  #set({ address, value }: Signal): RunningUniverse | undefined {
    const { refused, touched } = this.#place(address, value);
    this.#refusals.note(address, refused);
    return touched;
  }

  #placeOf(address: Address): DmxAddress | undefined {
    const { prefix, universeMin } = this.#options;
    return tryDmxAddress(prefix, address, universeMin);
  }

  #place(address: Address, value: Value): { refused?: DmxRefusal; touched?: RunningUniverse } {
    const { covers } = this.#options;
    if (this.#state === 'stopped') return { refused: 'stopped' };
    const place = this.#placeOf(address);
    if (!place) return { refused: 'no-slot' };
    const { universe, slot } = place;
    // Another output under the same prefix may send it; that nobody does is the show's problem, not this output's.
    if (!covers(universe)) return {};
    const known = this.#universes.get(universe);
    const running = known ?? { frame: new UniverseFrame(universe), schedule: this.#newSchedule(), cancel: undefined };
    const change = running.frame.set(slot, value, this.#floats);
    if (!change) return { refused: 'no-level' };
    const refused = this.#refusalOf(slot, change);
    const noted = refused ? { refused } : {};
    if (known && !change.changed) return noted;
    this.#universes.set(universe, running);
    running.schedule.change();
    return { ...noted, touched: running };
  }

  /** Of what changed a frame. */
  #refusalOf(slot: number, { clipped, isBeyondFull, lastLit }: FrameChange): DmxRefusal | undefined {
    const slots = this.#options.slots?.() ?? slotsPerUniverse;
    if (clipped > 0) return 'clipped';
    if (lastLit > slots) return slot > slots ? 'unsent-slot' : 'unsent-slots';
    return isBeyondFull ? 'beyond-full' : undefined;
  }

  /** Sends the frame if it is due, and comes back when it is due again. */
  #run(running: RunningUniverse): void {
    const { clock, send } = this.#options;
    running.cancel?.();
    running.cancel = undefined;
    const now = clock.nowMicros();
    if ((running.schedule.dueAt ?? now) <= now) {
      const { universe, levels } = running.frame;
      send({ universe, levels: this.#line?.finish(universe, levels) ?? levels });
      running.schedule.sent(now);
    }
    const dueAt = running.schedule.dueAt;
    // `send` may have stopped this output.
    if (dueAt !== undefined && this.#state === 'running') running.cancel = clock.at(dueAt, () => this.#run(running));
  }
}

interface LeftUniverse {
  readonly universe: number;
  /** nothing where nobody asked for a level */
  readonly held: readonly Signal[];
}

interface RunningUniverse {
  readonly frame: UniverseFrame;
  readonly schedule: OutputSchedule;
  cancel: Cancel | undefined;
}
