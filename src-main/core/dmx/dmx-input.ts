import { parseAddress, type Address } from '../../contract/address.ts';
import type { Cancel } from '../../contract/message-link.ts';
import type { Signal, Value } from '../../contract/signal.ts';
import { micros, microsToMillis, type Micros, type Millis } from '../../contract/units.ts';
import type { Clock } from '../../ports/clock.ts';
import type { DeskInput, HeardUniverse } from '../../ports/dmx-desk.ts';
import { slotsPerUniverse } from './dmx-address.ts';
import type { SourceFrame } from './merge/merge-source.ts';
import { UniverseMerger, type MergeRule, type MergeSettings, type MergedSource } from './merge/universe-merger.ts';

/** slots: a param for each slot that changed. frames: one param, at slot 1, with all 512 levels. nothing: it only tells who is
 *  heard. */
export type InputForm = 'slots' | 'frames' | 'nothing';

export interface DmxInputSettings {
  readonly form: InputForm;
  readonly merge: MergeSettings;
  /** for universes with a rule of their own; the others go by `merge` */
  readonly ruleOf?: (universe: number) => MergeRule;
}

export interface DmxInputOptions extends DmxInputSettings {
  /** levels are published at `<prefix>/{universe}/{slot}`; no slash at its end */
  readonly prefix: string;
  readonly clock: Clock;
  readonly publish: (batch: readonly Signal[]) => void;
}

/** Turns what sources say of universes into params: per universe the sources are merged, and what changed is published.
 *  The caller says which universes there are by what it hears. */
export class DmxInput implements DeskInput {
  readonly #options: DmxInputOptions;
  #settings: DmxInputSettings;
  readonly #universes = new Map<number, InputUniverse>();
  #isStopped = false;
  #collected: Signal[] | undefined;

  constructor(options: DmxInputOptions) {
    this.#options = options;
    this.#settings = options;
  }

  /** Universes that were heard, ascending, those whose sources all went included. */
  universes(): readonly number[] {
    return [...this.#universes.keys()].sort((one, other) => one - other);
  }

  /** Frames of sources that were one too many. */
  get refusedTotal(): number {
    let total = 0;
    for (const { merger } of this.#universes.values()) total += merger.refusedTotal;
    return total;
  }

  heard(universe: number): MergedUniverse | undefined {
    const merger = this.#universes.get(universe)?.merger;
    if (!merger) return undefined;
    const { levels, sources, gone } = merger;
    if (sources.length === 0 && !gone.last) return undefined;
    const last = gone.last && { name: gone.last.name, silentMs: this.#since(gone.last.heardAt) };
    return { levels, sources, last, winnerOf: (slot) => merger.winnerOf(slot) };
  }

  /** Universes that nobody drives any more, though nobody said so; ascending. */
  silent(): readonly SilentUniverse[] {
    return this.universes().flatMap((universe) => {
      const last = this.#universes.get(universe)?.merger.gone.last;
      if (!last || last.isEnded) return [];
      return [{ universe, name: last.name, silentMs: this.#since(last.heardAt) }];
    });
  }

  /** Levels of one source. */
  hear(universe: number, frame: SourceFrame): void {
    this.#with(universe, (merger, now) => merger.hear(frame, now));
  }

  hearPriorities(universe: number, source: Omit<SourceFrame, 'levels'>, priorities: Readonly<Uint8Array>): void {
    this.#with(universe, (merger, now) => merger.hearPriorities(source, priorities, now));
  }

  /** A source is there in this universe, though there is nothing to take from it now. */
  hearAlive(universe: number, id: string): void {
    if (this.#universes.has(universe)) this.#with(universe, (merger, now) => merger.hearAlive(id, now));
  }

  /** Publishes what `run` changes, in whatever universes, as one batch. */
  together(run: () => void): void {
    const collected: Signal[] = [];
    this.#collected = collected;
    try {
      run();
    } finally {
      this.#collected = undefined;
    }
    if (collected.length > 0) this.#options.publish(collected);
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
    for (const universe of this.#universes.keys())
      this.#with(universe, (merger) => merger.change(this.#mergeOf(universe)));
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

  #begin(universe: number): InputUniverse {
    const merger = new UniverseMerger(this.#mergeOf(universe));
    const heard = { universe, merger, addresses: [], cancel: undefined, lookAt: undefined };
    this.#universes.set(universe, heard);
    return heard;
  }

  #mergeOf(universe: number): MergeSettings {
    const { merge, ruleOf } = this.#settings;
    return ruleOf ? { ...merge, rule: ruleOf(universe) } : merge;
  }

  #publish(heard: InputUniverse): void {
    const changed = heard.merger.takeChanged();
    if (changed.length === 0 || this.#settings.form === 'nothing') return;
    const signals = this.#settings.form === 'frames' ? [this.#frameOf(heard)] : this.#slotsOf(heard, changed);
    if (this.#collected) this.#collected.push(...signals);
    else this.#options.publish(signals);
  }

  /** Sources that fell silent within this time, and whose universes others go on with. */
  missed(within: Millis): readonly SilentUniverse[] {
    return this.universes().flatMap((universe) =>
      (this.#universes.get(universe)?.merger.gone.missed ?? [])
        .map(({ name, heardAt }) => ({ universe, name, silentMs: this.#since(heardAt) }))
        .filter(({ silentMs }) => silentMs <= within),
    );
  }

  #since(at: Micros): Millis {
    return microsToMillis(micros(this.#options.clock.nowMicros() - at));
  }

  #frameOf(heard: InputUniverse): Signal {
    const value: Value[] = [];
    for (let i = 0; i < slotsPerUniverse; i++) value.push(levelValues[heard.merger.levels[i] ?? 0] as Value);
    return { kind: 'param', address: this.#addressOf(heard, 1), value: { type: 'array', value } };
  }

  #slotsOf(heard: InputUniverse, slots: readonly number[]): readonly Signal[] {
    const { levels } = heard.merger;
    return slots.map((slot) => ({
      kind: 'param',
      address: this.#addressOf(heard, slot),
      value: levelValues[levels[slot - 1] ?? 0] as Value,
    }));
  }

  #addressOf({ universe, addresses }: InputUniverse, slot: number): Address {
    return (addresses[slot] ??= parseAddress(`${this.#options.prefix}/${universe}/${slot}`));
  }

  /** One timer for each universe. Sources that are heard put the instant off; it is only set anew when it ran, or when
   *  something is due before it. */
  #lookLater(heard: InputUniverse): void {
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

/** A universe whose sources fell silent. */
export interface SilentUniverse {
  readonly universe: number;
  /** who drove it */
  readonly name: string;
  readonly silentMs: Millis;
}

/** As the desk has it, with what is known of sources beyond that. */
export interface MergedUniverse extends HeardUniverse {
  readonly sources: readonly MergedSource[];
}

interface InputUniverse {
  readonly universe: number;
  readonly merger: UniverseMerger;
  /** by slot, made when it is published first */
  readonly addresses: (Address | undefined)[];
  cancel: Cancel | undefined;
  lookAt: Micros | undefined;
}

const levelValues = Array.from({ length: 256 }, (_, value): Value => ({ type: 'i32', value }));
