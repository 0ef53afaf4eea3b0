import type { Micros } from '../../../contract/units.ts';
import { slotsPerUniverse } from '../dmx-address.ts';

/** What one source says of a universe at one time. */
export interface SourceFrame {
  /** tells sources apart: a component identifier, a host and a port */
  readonly id: string;
  /** for the operator */
  readonly name: string;
  /** where it sends from */
  readonly address: string;
  /** 0..200 */
  readonly priority: number;
  /** 1..512 levels, slot 1 first; the slots behind them are not driven by this source. Not kept. */
  readonly levels: Readonly<Uint8Array>;
}

/** A rank that does not take part; otherwise a rank is the priority plus one. */
const absent = 0;

/** One source of a universe as it was heard last. */
export class MergeSource {
  readonly id: string;
  name = '';
  address = '';
  priority = 0;
  /** 512 levels; those from `slotCount` on mean nothing */
  readonly levels = new Uint8Array(slotsPerUniverse);
  /** by slot: 0 does not take part, else its priority plus one */
  readonly ranks = new Uint8Array(slotsPerUniverse);
  /** by slot: when its level changed last, as a number that grows; 0 since it is there */
  readonly stamps = new Uint32Array(slotsPerUniverse);
  /** its levels are for the merge; until then it is only known */
  counts = false;
  readonly knownAt: Micros;
  heardAt: Micros;
  /** levels came */
  hasLevels = false;
  /** it was silent too long, and is waited for because others may be going with it */
  isSilent = false;
  #slotCount = 0;
  #slotPriorities: Readonly<Uint8Array> | undefined;
  #prioritiesAt: Micros | undefined;

  constructor(id: string, now: Micros) {
    this.id = id;
    this.knownAt = now;
    this.heardAt = now;
  }

  /** A view: slot 1 first, those that it drives. */
  get driven(): Readonly<Uint8Array> {
    return this.levels.subarray(0, this.#slotCount);
  }

  /** 0: it does not drive the slot; undefined while it has none. */
  get slotPriorities(): Readonly<Uint8Array> | undefined {
    return this.#slotPriorities;
  }

  /** when per-slot priorities came last; undefined while it has none */
  get prioritiesAt(): Micros | undefined {
    return this.#prioritiesAt;
  }

  /** Takes over a frame.
   *  @param stamp what slots get whose level changed
   *  @param touched gets the index of each slot whose level changed, unless all have to be looked at
   *  @returns whether ranks changed as well, so that every slot has to be looked at */
  hear(frame: SourceFrame, stamp: number, touched: (index: number) => void): boolean {
    const { levels } = this;
    const slotCount = Math.min(slotsPerUniverse, frame.levels.length);
    const isOther = this.priority !== frame.priority || this.#slotCount !== slotCount || !this.hasLevels;
    this.name = frame.name;
    this.address = frame.address;
    this.priority = frame.priority;
    for (let i = 0; i < slotCount; i++) {
      const level = frame.levels[i] as number;
      if (levels[i] === level) continue;
      levels[i] = level;
      if (this.hasLevels) this.stamps[i] = stamp;
      if (!isOther) touched(i);
    }
    this.hasLevels = true;
    this.#slotCount = slotCount;
    if (isOther) this.#rank();
    return isOther;
  }

  /** Takes over per-slot priorities.
   *  @param priorities 1..512, each 0..200; 0 and what is behind them: the source does not drive that slot
   *  @returns whether ranks changed */
  hearPriorities(priorities: Readonly<Uint8Array>, now: Micros): boolean {
    this.#prioritiesAt = now;
    const before = this.#slotPriorities;
    if (before?.length === priorities.length && before.every((priority, i) => priority === priorities[i])) return false;
    this.#slotPriorities = priorities.slice(0, slotsPerUniverse);
    this.#rank();
    return true;
  }

  /** It goes by its one priority again. */
  forgetPriorities(): void {
    this.#prioritiesAt = undefined;
    this.#slotPriorities = undefined;
    this.#rank();
  }

  #rank(): void {
    const priorities = this.#slotPriorities;
    for (let i = 0; i < slotsPerUniverse; i++) {
      const own = priorities ? (priorities[i] ?? 0) : this.priority + 1;
      const rank = priorities && own > 0 ? Math.min(200, own) + 1 : own;
      this.ranks[i] = i < this.#slotCount ? rank : absent;
    }
  }
}
