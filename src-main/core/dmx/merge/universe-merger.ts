import { micros, type Micros, type Millis } from '../../../contract/units.ts';
import type { HeardSource } from '../../../ports/dmx-desk.ts';
import { slotsPerUniverse } from '../dmx-address.ts';
import { GoneSources, type Leaving } from './gone-sources.ts';
import { MergeSource, type SourceFrame } from './merge-source.ts';

/** Which of several sources of one priority wins a slot. htp: the highest level. ltp: whose level changed last; until one
 *  changed, the one that was there first. */
export type MergeRule = 'htp' | 'ltp';

export interface MergeSettings {
  readonly rule: MergeRule;
  /** Sources of one universe that are looked at, 1..250. */
  readonly sourcesMax: number;
  /** A source that was silent for so long is lost. 2.5 s for sACN [E1.31 6.7.1], 10 s for Art-Net. */
  readonly lostAfter: Millis;
  /** How long a universe, and each source that comes later, is only listened to: of all sources that are there the first one
   *  heard need not be the one that counts, and per-slot priorities may follow. 0: at once. */
  readonly settle: Millis;
}

/** A source of a universe for one who looks on. */
export interface MergedSource extends HeardSource {
  readonly priority: number;
  readonly address: string;
  readonly heardAt: Micros;
  /** false while it is only listened to */
  readonly counts: boolean;
}

/** What part of `lostAfter` a source that lives may be silent: both protocols send at least that often. */
const aliveWithin = 0.45;
const nobody = 255;

/** One universe heard from several sources: per slot the highest priority wins, and between equals the rule decides.
 *  Levels stay when the last source goes; a slot that none of those that are left drives goes dark. */
export class UniverseMerger {
  #settings: MergeSettings;
  #sources: MergeSource[] = [];
  /** those that count, longest known first; `#winners` has their indexes */
  #counting: MergeSource[] = [];
  readonly #levels = new Uint8Array(slotsPerUniverse);
  readonly #winners = new Uint8Array(slotsPerUniverse).fill(nobody);
  readonly #isChanged = new Uint8Array(slotsPerUniverse);
  #changedCount = 0;
  #stamp = 0;
  /** when the first of those that are there was heard */
  #startedAt: Micros | undefined;
  #isWaiting = false;
  #refusedTotal = 0;
  readonly #gone = new GoneSources();

  constructor(settings: MergeSettings) {
    this.#settings = settings;
  }

  /** Slot 1 is at index 0. A view: it changes with the universe. */
  get levels(): Readonly<Uint8Array> {
    return this.#levels;
  }

  /** Whether any source counts now. */
  get isDriven(): boolean {
    return this.#counting.length > 0;
  }

  /** Who drove it and is gone. */
  get gone(): Pick<GoneSources, 'last' | 'missed'> {
    return this.#gone;
  }

  /** Frames of sources beyond `sourcesMax` that were not looked at. */
  get refusedTotal(): number {
    return this.#refusedTotal;
  }

  /** Views, longest known first. */
  get sources(): readonly MergedSource[] {
    return this.#sources.map((source) => ({
      id: source.id,
      name: source.name,
      address: source.address,
      priority: source.priority,
      levels: source.driven,
      slotPriorities: source.slotPriorities,
      heardAt: source.heardAt,
      counts: source.counts,
    }));
  }

  /** @param slot 1..512
   *  @returns the index in `sources` of the one that it has its level from; undefined where nobody drives it */
  winnerOf(slot: number): number | undefined {
    const winner = this.#counting[this.#winners[slot - 1] ?? nobody];
    return winner && this.#sources.indexOf(winner);
  }

  /** Slots 1..512, ascending, whose level changed since this was asked last. All 512 the first time a source counts. */
  takeChanged(): readonly number[] {
    if (this.#changedCount === 0) return [];
    const slots: number[] = [];
    for (let i = 0; i < slotsPerUniverse; i++) if (this.#isChanged[i] === 1) slots.push(i + 1);
    this.#isChanged.fill(0);
    this.#changedCount = 0;
    return slots;
  }

  /** Takes over how sources are merged from now on. */
  change(settings: MergeSettings): void {
    this.#settings = settings;
    this.#mergeAll();
  }

  /** Levels of one source.
   *  @returns false when it is one more than there may be, and its priority beats none of them */
  hear(frame: SourceFrame, now: Micros): boolean {
    const source = this.#find(frame.id, now, frame.priority);
    if (!source) return false;
    source.heardAt = now;
    source.isSilent = false;
    this.#stamp++;
    const isMerged = source.counts;
    const all = source.hear(frame, this.#stamp, (index) => {
      if (isMerged) this.#mergeSlot(index);
    });
    if (isMerged && all) this.#mergeAll();
    if (!isMerged || this.#isWaiting) this.look(now);
    return true;
  }

  /** Per-slot priorities of a source; they hold until `lostAfter` passed without others. One that is not known yet is
   *  known from now on, and drives nothing before its levels come.
   *  @param priorities 1..512, each 0..200; 0: the source does not drive that slot
   *  @returns as `hear` */
  hearPriorities(
    { id, name, address, priority }: Omit<SourceFrame, 'levels'>,
    priorities: Readonly<Uint8Array>,
    now: Micros,
  ): boolean {
    const source = this.#find(id, now, priority);
    if (!source) return false;
    if (!source.hasLevels) Object.assign(source, { name, address, priority });
    if (source.hearPriorities(priorities, now) && source.counts) this.#mergeAll();
    if (!source.counts) this.look(now);
    return true;
  }

  /** A source is there, though there is nothing to take from it now. */
  hearAlive(id: string, now: Micros): void {
    const source = this.#sources.find((each) => each.id === id);
    if (!source) return;
    source.heardAt = now;
    source.isSilent = false;
    this.look(now);
  }

  /** A source said that it ends. */
  lose(id: string): void {
    if (this.#sources.some((source) => source.id === id)) this.#drop((source) => source.id === id, 'ended');
  }

  /** Goes by the time: sources that were silent too long are lost, those that were listened to count. Several that fall
   *  silent together are lost together, so that no level of the one that fell last is seen between.
   *  @returns ids of the sources that were lost */
  look(now: Micros): readonly string[] {
    const { lostAfter } = this.#settings;
    for (const source of this.#sources) source.isSilent = now - source.heardAt >= lostAfter * 1000;
    const isDoubtful = this.#counting.some(
      ({ isSilent, heardAt }) => !isSilent && now - heardAt > lostAfter * 1000 * aliveWithin,
    );
    const lost = this.#sources.filter(({ isSilent, counts }) => isSilent && !(isDoubtful && counts));
    if (lost.length > 0) this.#drop((source) => lost.includes(source), 'silent');
    for (const source of this.#sources) {
      const at = source.prioritiesAt;
      if (at === undefined || now - at < lostAfter * 1000) continue;
      source.forgetPriorities();
      if (source.counts) this.#mergeAll();
    }
    this.#isWaiting = this.#sources.some(({ isSilent }) => isSilent);
    this.#admit(now);
    return lost.map(({ id }) => id);
  }

  /** When `look` has something to do at the latest, if nothing is heard until then; undefined while there is no source. */
  get dueAt(): Micros | undefined {
    const lostAfter = this.#settings.lostAfter * 1000;
    let due = Infinity;
    for (const source of this.#sources) {
      if (!source.isSilent) due = Math.min(due, source.heardAt + lostAfter);
      if (source.prioritiesAt !== undefined) due = Math.min(due, source.prioritiesAt + lostAfter);
      if (!source.counts && source.hasLevels) due = Math.min(due, this.#countsAt(source));
    }
    return Number.isFinite(due) ? micros(due) : undefined;
  }

  #find(id: string, now: Micros, priority: number): MergeSource | undefined {
    const known = this.#sources.find((source) => source.id === id);
    if (known) return known;
    if (this.#sources.length >= this.#settings.sourcesMax && !this.#makeRoom(priority)) {
      this.#refusedTotal++;
      return undefined;
    }
    if (this.#sources.length === 0) this.#startedAt = now;
    const source = new MergeSource(id, now);
    this.#sources.push(source);
    this.#gone.comes(id);
    return source;
  }

  /** The lowest of those that are there goes, newest first, when the one that comes is above it. */
  #makeRoom(priority: number): boolean {
    const lowest = this.#sources.reduce((low, source) => (source.priority <= low.priority ? source : low));
    if (lowest.priority >= priority) return false;
    this.#drop((source) => source === lowest, 'outranked');
    return true;
  }

  /** Those that were heard before the universe settled count together. Of a later one there is nothing to wait for once
   *  its per-slot priorities came. */
  #countsAt({ knownAt, prioritiesAt }: MergeSource): number {
    const settle = this.#settings.settle * 1000;
    const settledAt = (this.#startedAt ?? 0) + settle;
    return prioritiesAt !== undefined || knownAt < settledAt ? settledAt : knownAt + settle;
  }

  #admit(now: Micros): void {
    const ready = this.#sources.filter((source) => !source.counts && source.hasLevels && now >= this.#countsAt(source));
    for (const source of ready) source.counts = true;
    if (ready.length > 0) this.#recount();
  }

  #drop(isGone: (source: MergeSource) => boolean, leaving: Leaving): void {
    const gone = this.#counting.filter(isGone);
    this.#sources = this.#sources.filter((source) => !isGone(source));
    this.#recount();
    this.#gone.leave(gone, leaving, this.isDriven);
  }

  #recount(): void {
    const wasDriven = this.#counting.length > 0;
    this.#counting = this.#sources.filter(({ counts }) => counts);
    if (this.isDriven) this.#gone.goOn();
    if (!wasDriven && this.#counting.length > 0) for (let i = 0; i < slotsPerUniverse; i++) this.#mark(i);
    this.#mergeAll();
  }

  #mergeAll(): void {
    for (let i = 0; i < slotsPerUniverse; i++) this.#mergeSlot(i);
  }

  #mergeSlot(index: number): void {
    const isLtp = this.#settings.rule === 'ltp';
    let winner = nobody;
    let rank = 0;
    let level = 0;
    let measure = 0;
    for (let i = 0; i < this.#counting.length; i++) {
      const source = this.#counting[i] as MergeSource;
      const own = source.ranks[index] as number;
      if (own === 0 || own < rank) continue;
      const ownLevel = source.levels[index] as number;
      const ownMeasure = isLtp ? (source.stamps[index] as number) : ownLevel;
      if (own === rank && ownMeasure <= measure) continue;
      winner = i;
      rank = own;
      level = ownLevel;
      measure = ownMeasure;
    }
    this.#winners[index] = winner;
    // Nobody is left: the last look stays.
    if (this.#counting.length === 0 || this.#levels[index] === level) return;
    this.#levels[index] = level;
    this.#mark(index);
  }

  #mark(index: number): void {
    if (this.#isChanged[index] === 1) return;
    this.#isChanged[index] = 1;
    this.#changedCount++;
  }
}
