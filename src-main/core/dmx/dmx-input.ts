import { parseAddress, type Address } from '../../contract/address.ts';
import type { Cancel } from '../../contract/message-link.ts';
import type { Signal, Value } from '../../contract/signal.ts';
import type { Micros } from '../../contract/units.ts';
import type { Clock } from '../../ports/clock.ts';
import { slotsPerUniverse } from './dmx-address.ts';
import type { SourceFrame } from './merge/merge-source.ts';
import { UniverseMerger, type MergeSettings, type SourceView } from './merge/universe-merger.ts';

/** slots: a param for each slot that changed. frames: one param, at slot 1, with all 512 levels. */
export type InputForm = 'slots' | 'frames';

export interface DmxInputSettings {
  readonly form: InputForm;
  readonly merge: MergeSettings;
}

export interface DmxInputOptions extends DmxInputSettings {
  /** levels are published at `<prefix>/{universe}/{slot}`; no slash at its end */
  readonly prefix: string;
  readonly clock: Clock;
  readonly publish: (batch: readonly Signal[]) => void;
}

/** Turns what sources say of universes into params: per universe the sources are merged, and what changed is published.
 *  The caller says which universes there are by what it hears. */
export class DmxInput {
  readonly #options: DmxInputOptions;
  #settings: DmxInputSettings;
  readonly #universes = new Map<number, HeardUniverse>();
  #isStopped = false;

  constructor(options: DmxInputOptions) {
    this.#options = options;
    this.#settings = options;
  }

  /** Universes that were heard, ascending, those whose sources all went included. */
  get universes(): readonly number[] {
    return [...this.#universes.keys()].sort((one, other) => one - other);
  }

  /** Frames of sources that were one too many. */
  get refusedTotal(): number {
    let total = 0;
    for (const { merger } of this.#universes.values()) total += merger.refusedTotal;
    return total;
  }

  sourcesOf(universe: number): readonly SourceView[] {
    return this.#universes.get(universe)?.merger.sources ?? [];
  }

  /** Undefined for one that was never heard. What it gives is for reading only. */
  mergerOf(universe: number): Pick<UniverseMerger, 'levels' | 'winnerOf' | 'saidOf' | 'isDriven'> | undefined {
    return this.#universes.get(universe)?.merger;
  }

  /** Levels of one source. */
  hear(universe: number, frame: SourceFrame): void {
    this.#with(universe, (merger, now) => merger.hear(frame, now));
  }

  hearPriorities(universe: number, source: Omit<SourceFrame, 'levels'>, priorities: Readonly<Uint8Array>): void {
    this.#with(universe, (merger, now) => merger.hearPriorities(source, priorities, now));
  }

  /** A source said that it ends in this universe. */
  lose(universe: number, id: string): void {
    if (this.#universes.has(universe)) this.#with(universe, (merger) => merger.lose(id));
  }

  /** Universes that the settings no longer have; their params stay as they are. */
  leaveOut(covers: (universe: number) => boolean): void {
    for (const [universe, { cancel }] of this.#universes) {
      if (covers(universe)) continue;
      cancel?.();
      this.#universes.delete(universe);
    }
  }

  /** From the next change on. */
  change(settings: DmxInputSettings): void {
    this.#settings = settings;
    for (const universe of this.#universes.keys()) this.#with(universe, (merger) => merger.change(settings.merge));
  }

  /** Publishes no more. */
  stop(): void {
    this.#isStopped = true;
    for (const { cancel } of this.#universes.values()) cancel?.();
  }

  #with(universe: number, run: (merger: UniverseMerger, now: Micros) => unknown): void {
    if (this.#isStopped) return;
    const heard = this.#universes.get(universe) ?? this.#begin(universe);
    run(heard.merger, this.#options.clock.nowMicros());
    this.#publish(heard);
    this.#lookLater(heard);
  }

  #begin(universe: number): HeardUniverse {
    const merger = new UniverseMerger(this.#settings.merge);
    const heard = { universe, merger, addresses: [], cancel: undefined, lookAt: undefined };
    this.#universes.set(universe, heard);
    return heard;
  }

  #publish({ universe, merger, addresses }: HeardUniverse): void {
    const changed = merger.takeChanged();
    if (changed.length === 0) return;
    const addressOf = (slot: number): Address =>
      (addresses[slot] ??= parseAddress(`${this.#options.prefix}/${universe}/${slot}`));
    const valueOf = (level: number | undefined): Value => levelValues[level ?? 0] as Value;
    if (this.#settings.form === 'frames') {
      const value: Value[] = [];
      for (let i = 0; i < slotsPerUniverse; i++) value.push(valueOf(merger.levels[i]));
      this.#options.publish([{ kind: 'param', address: addressOf(1), value: { type: 'array', value } }]);
      return;
    }
    this.#options.publish(
      changed.map((slot) => ({ kind: 'param', address: addressOf(slot), value: valueOf(merger.levels[slot - 1]) })),
    );
  }

  /** One timer for each universe. Sources that are heard put the instant off; it is only set anew when it ran, or when
   *  something is due before it. */
  #lookLater(heard: HeardUniverse): void {
    const dueAt = heard.merger.dueAt;
    if (dueAt === undefined || (heard.lookAt !== undefined && heard.lookAt <= dueAt)) return;
    heard.cancel?.();
    heard.lookAt = dueAt;
    heard.cancel = this.#options.clock.at(dueAt, () => {
      heard.lookAt = undefined;
      heard.merger.look(this.#options.clock.nowMicros());
      this.#publish(heard);
      this.#lookLater(heard);
    });
  }
}

interface HeardUniverse {
  readonly universe: number;
  readonly merger: UniverseMerger;
  /** by slot, made when it is published first */
  readonly addresses: (Address | undefined)[];
  cancel: Cancel | undefined;
  lookAt: Micros | undefined;
}

const levelValues = Array.from({ length: 256 }, (_, value): Value => ({ type: 'i32', value }));
