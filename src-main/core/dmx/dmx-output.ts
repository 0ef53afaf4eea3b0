import { parseAddress, type Address } from '../../contract/address.ts';
import type { Cancel } from '../../contract/message-link.ts';
import type { Signal, Value } from '../../contract/signal.ts';
import type { Micros, Millis } from '../../contract/units.ts';
import type { Clock } from '../../ports/clock.ts';
import { tryDmxAddress } from './dmx-address.ts';
import { FrameSchedule } from './frame-schedule.ts';
import { UniverseFrame, type FloatMeaning } from './universe-frame.ts';

export interface DmxOutputOptions {
  /** signals at `<prefix>/{universe}/{slot}` are for this output; no slash at its end */
  readonly prefix: string;
  /** what floats mean at first */
  readonly floats: FloatMeaning;
  /** whether the output sends this universe now; it bounds how many frames there can be */
  readonly covers: (universe: number) => boolean;
  readonly clock: Clock;
  /** Puts a frame on the wire; must not throw. */
  readonly send: (frame: UniverseFrame) => void;
  /** when the frames of a universe go out; as streaming ACN wants it without */
  readonly schedule?: () => OutputSchedule;
}

/** When the frame of one universe goes out next. */
export type OutputSchedule = Pick<FrameSchedule, 'change' | 'dueAt' | 'sent'>;

/** Turns signals into frames of universes and says when each goes out.
 *  A universe begins with its first value: sent from the start it would be dark, and would darken what another console
 *  holds at the same priority before anything was asked of it. */
export class DmxOutput {
  readonly #options: DmxOutputOptions;
  readonly #universes = new Map<number, RunningUniverse>();
  #floats: FloatMeaning;
  #refusedTotal = 0;
  #refusedAt: Micros | undefined;
  #lastRefusal: Refusal | undefined;
  #lastUnsent: { readonly address: Address; readonly why: keyof typeof causes; readonly at: Micros } | undefined;
  #state: 'waiting' | 'running' | 'stopped' = 'waiting';

  constructor(options: DmxOutputOptions) {
    this.#options = options;
    this.#floats = options.floats;
  }

  /** Signals that could not be sent whole, each counted once. */
  get refusedTotal(): number {
    return this.#refusedTotal;
  }

  /** Whether a signal was refused within this time: something sends what no lamp can show. */
  refusedWithin(time: Millis): boolean {
    return this.#refusedAt !== undefined && this.#options.clock.nowMicros() - this.#refusedAt <= time * 1000;
  }

  /** What was last refused and why, as a sentence; undefined while nothing was. */
  get lastRefusal(): string | undefined {
    return this.#lastRefusal && `${shorten(this.#lastRefusal.address)} ${sentences[this.#lastRefusal.why]}.`;
  }

  /** The newest signal within this time of which nothing could be sent, and why, as a clause: `the value is no level`. */
  unsentWithin(time: Millis): { readonly address: Address; readonly why: string } | undefined {
    const unsent = this.#lastUnsent;
    if (!unsent || this.#options.clock.nowMicros() - unsent.at > time * 1000) return undefined;
    return { address: unsent.address, why: causes[unsent.why] };
  }

  /** Never throws. All signals of one batch that meet in a universe leave in one frame. What comes before the start is
   *  kept for it. */
  apply(batch: readonly Signal[]): void {
    const touched = new Set<RunningUniverse>();
    for (const signal of batch) {
      const running = this.#set(signal);
      if (running) touched.add(running);
    }
    if (this.#state === 'running') for (const running of touched) this.#run(running);
  }

  /** Sends from now on. */
  start(): void {
    this.#state = 'running';
    for (const running of this.#universes.values()) this.#run(running);
  }

  /** Sends no more. */
  stop(): void {
    this.#state = 'stopped';
    for (const running of this.#universes.values()) running.cancel?.();
  }

  /** As `apply`, for those universes alone that have not begun: the others have newer values. */
  begin(batch: readonly Signal[]): void {
    this.apply(
      batch.filter(({ address }) => {
        const place = tryDmxAddress(this.#options.prefix, address);
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
      left.push({ universe, held: this.#signalOf(frame) });
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
  }

  /** The levels of every universe that began: applied to another output under the same prefix, they are there. */
  held(): readonly Signal[] {
    return [...this.#universes.values()].map(({ frame }) => this.#signalOf(frame));
  }

  #signalOf({ universe, given }: UniverseFrame): Signal {
    const address = parseAddress(`${this.#options.prefix}/${universe}/1`);
    return { kind: 'param', address, value: { type: 'array', value: given } };
  }

  /** @returns the universe whose frame changed or began */
  #set({ address, value }: Signal): RunningUniverse | undefined {
    const outcome = this.#place(address, value);
    // Whoever sends there now is not the one whose signal could not be sent.
    if (this.#lastUnsent?.address === address) this.#lastUnsent = undefined;
    if (outcome.refused) this.#countRefusal({ address, why: outcome.refused });
    return outcome.touched;
  }

  #countRefusal({ address, why }: Refusal): void {
    const at = this.#options.clock.nowMicros();
    this.#refusedTotal++;
    this.#refusedAt = at;
    this.#lastRefusal = { address, why };
    if (why === 'no-slot' || why === 'no-level') this.#lastUnsent = { address, why, at };
  }

  #place(address: Address, value: Value): { refused?: Refusal['why']; touched?: RunningUniverse } {
    const { prefix, covers, schedule = () => new FrameSchedule() } = this.#options;
    if (this.#state === 'stopped') return { refused: 'stopped' };
    const place = tryDmxAddress(prefix, address);
    if (!place) return { refused: 'no-slot' };
    const { universe, slot } = place;
    // Another output under the same prefix may send it; that nobody does is the show's problem, not this output's.
    if (!covers(universe)) return {};
    const known = this.#universes.get(universe);
    const running = known ?? { frame: new UniverseFrame(universe), schedule: schedule(), cancel: undefined };
    const change = running.frame.set(slot, value, this.#floats);
    if (!change) return { refused: 'no-level' };
    const clipped = change.clipped > 0 ? { refused: 'clipped' as const } : {};
    if (known && !change.changed) return clipped;
    this.#universes.set(universe, running);
    running.schedule.change();
    return { ...clipped, touched: running };
  }

  /** Sends the frame if it is due, and comes back when it is due again. */
  #run(running: RunningUniverse): void {
    const { clock, send } = this.#options;
    running.cancel?.();
    running.cancel = undefined;
    const now = clock.nowMicros();
    if ((running.schedule.dueAt ?? now) <= now) {
      send(running.frame);
      running.schedule.sent(now);
    }
    const dueAt = running.schedule.dueAt;
    // `send` may have stopped this output.
    if (dueAt !== undefined && this.#state === 'running') running.cancel = clock.at(dueAt, () => this.#run(running));
  }
}

interface LeftUniverse {
  readonly universe: number;
  readonly held: Signal;
}

interface RunningUniverse {
  readonly frame: UniverseFrame;
  readonly schedule: OutputSchedule;
  cancel: Cancel | undefined;
}

interface Refusal {
  readonly address: Address;
  readonly why: keyof typeof sentences;
}

const sentences = {
  stopped: 'came after the output was stopped',
  'no-slot': 'is not a universe and a slot 1-512',
  'no-level': 'got a value that is no level',
  clipped: 'got more levels than there are slots after it',
} as const;

/** Why nothing of a signal was sent, for one who sees the address beside it. */
const causes = {
  'no-slot': 'the address is not a universe and a slot 1-512',
  'no-level': 'the value is no level',
} as const;

function shorten(address: Address): string {
  return address.length > 60 ? `${address.slice(0, 59)}…` : address;
}
