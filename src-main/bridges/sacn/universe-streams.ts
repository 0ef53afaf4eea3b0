import { micros, type Micros } from '../../contract/units.ts';
import { frameIntervalMicros, keepAliveMicros } from '../../core/dmx/frame-schedule.ts';
import type { Clock } from '../../ports/clock.ts';
import { DataPackets, type UniverseManner } from './data-packets.ts';

/** Packets that say a universe ends. [E1.31 6.2.6] */
export const terminatedPackets = 3;

export interface UniverseStreamsOptions {
  readonly clock: Clock;
  /** how a universe is sent now */
  readonly describe: (universe: number) => UniverseManner & {
    /** 512 of them, 0..200, slot 1 first; undefined where the universe's own is for all */
    readonly slotPriorities?: Readonly<Uint8Array> | undefined;
  };
  /** Puts a packet on the wire; must not throw. */
  readonly send: (universe: number, packet: Uint8Array) => void;
}

/** The universes of one output on the wire: each begins with its first frame, counts its packets, and ends with goodbyes. */
export class UniverseStreams {
  readonly #options: UniverseStreamsOptions;
  readonly #sent = new Map<number, Stream>();
  readonly #ending = new Map<number, Stream & { left: number }>();
  /** the sequence that each ended universe goes on with, at most one for each of the 63 999 */
  #nextSequences = new Map<number, number>();
  readonly #onEnded = new Set<() => void>();
  #isSayingGoodbye = false;

  constructor(options: UniverseStreamsOptions) {
    this.#options = options;
  }

  /** those that began and do not end, in the order of their beginning */
  get universes(): readonly number[] {
    return [...this.#sent.keys()];
  }

  get size(): number {
    return this.#sent.size;
  }

  /** Goes on, from the next universe that begins, where another run of the same source ended.
   *  @param sequences 0..255 by universe, of the next packets; what ends here is put into it */
  countFrom(sequences: Map<number, number>): void {
    this.#nextSequences = sequences;
  }

  /** @param levels 512 of them, slot 1 first; copied */
  send(universe: number, levels: Readonly<Uint8Array>): void {
    const stream = this.#sent.get(universe) ?? this.#begin(universe);
    this.#prioritize(universe, stream);
    this.#put(universe, stream, stream.packets.next(levels));
  }

  /** Asks anew how each universe is sent; it goes by that from its next packet on. */
  describeAnew(): void {
    for (const [universe, stream] of this.#sent) this.#describe(universe, stream);
  }

  /** Says goodbye three times in each of these universes, at the rate of DMX, so that no receiver loses all three to one
   *  full buffer. One that is sent again meanwhile goes on. */
  end(universes: readonly number[]): void {
    for (const universe of universes) {
      const stream = this.#sent.get(universe);
      if (stream) this.#ending.set(universe, { ...stream, left: terminatedPackets });
      this.#sent.delete(universe);
    }
    if (!this.#isSayingGoodbye) this.#sayGoodbyeLater();
  }

  /** Ends all; settles when the last goodbye was handed over. */
  async endAll(): Promise<void> {
    this.end(this.universes);
    if (this.#ending.size > 0) await new Promise<void>((resolve) => this.#onEnded.add(resolve));
  }

  #begin(universe: number): Stream {
    // A universe that comes back keeps its count: receivers that lost the goodbyes would discard packets that count back.
    const ending = this.#ending.get(universe);
    const stream: Stream = {
      packets: ending?.packets ?? this.#packetsOf(universe),
      sentAt: ending?.sentAt ?? micros(0),
      slotPriorities: undefined,
      prioritiesAt: undefined,
    };
    this.#ending.delete(universe);
    this.#describe(universe, stream);
    this.#sent.set(universe, stream);
    return stream;
  }

  #packetsOf(universe: number): DataPackets {
    const packets = new DataPackets(this.#options.describe(universe), universe);
    packets.countFrom(this.#nextSequences.get(universe) ?? 0);
    return packets;
  }

  #describe(universe: number, stream: Stream): void {
    const { slotPriorities, ...manner } = this.#options.describe(universe);
    stream.packets.describe(manner);
    stream.slotPriorities = slotPriorities;
    stream.prioritiesAt = undefined;
  }

  /** Per-slot priorities go before levels, so that nothing flashes, and again about once a second, since receivers forget
   *  them like levels. */
  #prioritize(universe: number, stream: Stream): void {
    const now = this.#options.clock.nowMicros();
    if (!stream.slotPriorities) return;
    if (stream.prioritiesAt !== undefined && now - stream.prioritiesAt < keepAliveMicros) return;
    stream.prioritiesAt = now;
    this.#options.send(universe, stream.packets.priorities(stream.slotPriorities));
  }

  #put(universe: number, stream: Stream, packet: Uint8Array): void {
    stream.sentAt = this.#options.clock.nowMicros();
    this.#options.send(universe, packet);
  }

  #sayGoodbyeLater(): void {
    this.#isSayingGoodbye = this.#ending.size > 0;
    if (!this.#isSayingGoodbye) {
      for (const run of this.#onEnded) run();
      this.#onEnded.clear();
      return;
    }
    const last = [...this.#ending.values()].reduce((latest, { sentAt }) => Math.max(latest, sentAt), 0);
    this.#options.clock.at(micros(last + frameIntervalMicros), () => {
      this.#sayGoodbye();
      this.#sayGoodbyeLater();
    });
  }

  #sayGoodbye(): void {
    const now = this.#options.clock.nowMicros();
    for (const [universe, stream] of this.#ending) {
      // It joined the others after its last frame had just left.
      if (now < stream.sentAt + frameIntervalMicros) continue;
      this.#put(universe, stream, stream.packets.terminated());
      stream.left--;
      if (stream.left > 0) continue;
      this.#ending.delete(universe);
      this.#nextSequences.set(universe, stream.packets.sequence);
    }
  }
}

interface Stream {
  readonly packets: DataPackets;
  sentAt: Micros;
  slotPriorities: Readonly<Uint8Array> | undefined;
  /** when they left last; undefined: they go with the next frame */
  prioritiesAt: Micros | undefined;
}
