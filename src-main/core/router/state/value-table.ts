import type { Address } from '../../../contract/address.ts';
import type { Cancel } from '../../../contract/message-link.ts';
import {
  isRefusal,
  planWrite,
  snapshotSizeOf,
  type ParamRecord,
  type ParamWrite,
  type RevisionFloors,
} from './param-write.ts';
import { errorNumber, type Refusal } from '../requests/refusal.ts';
import { plainRuling, type Ruling } from './signal-rules.ts';
import type { Place } from './snapshot-page.ts';
import { SnapshotPages, type PageLimits } from './snapshot-pages.ts';

export interface TableLimits extends PageLimits {
  readonly paramsMax: number;
  readonly paramBytesMax: number;
  /** for the process's own writes, beyond the two */
  readonly paramsReserved: number;
  readonly paramBytesReserved: number;
  /** of one group of writes, by which what merges make is larger than what came for them */
  readonly mergedBytesMax: number;
}

/** A param as it outlives a restart: everything but its lock, whose holder is gone. */
export type KeptParam = Omit<ParamRecord, 'holder' | 'ruledAt' | 'sizeBytes'>;

export interface KeptState {
  /** oldest first, each address once */
  readonly params: Iterable<KeptParam>;
  readonly floors: RevisionFloors;
}

/** @param before as it stood until now; undefined when it was not there */
type ChangeWatcher = (address: Address, before: ParamRecord | undefined) => void;

/** The state that late joiners get. Nothing is written before everything about it was checked.
 *  At its limits it refuses what is new rather than forgetting what is old: a show's values never vanish by themselves. */
export class ValueTable {
  /** the same params as a late joiner gets them */
  readonly pages: SnapshotPages;
  readonly #places = new Map<string, Place>();
  /** the params that somebody holds by the strategy `lock` */
  readonly #ruled = new Set<string>();
  readonly #limits: TableLimits;
  readonly #rulingFor: (address: Address) => Ruling;
  #sizeBytes = 0;
  #floors: RevisionFloors = { forNew: 0n, forKnown: 0n };
  #onChange: ChangeWatcher | undefined;
  #onTtl: ((record: ParamRecord) => void) | undefined;
  #onUnlock: ((address: Address, isSet: boolean) => void) | undefined;

  /** @param rulingFor what holds for the writes to an address; everywhere the last one without it */
  constructor(limits: TableLimits, rulingFor: (address: Address) => Ruling = () => plainRuling) {
    this.#limits = limits;
    this.pages = new SnapshotPages(limits);
    this.#rulingFor = rulingFor;
  }

  get size(): number {
    return this.#places.size;
  }

  /** What every write goes above, so that no revision is given twice. */
  get revisionFloors(): RevisionFloors {
    return this.#floors;
  }

  get(address: string): ParamRecord | undefined {
    return this.#places.get(address)?.record;
  }

  placeOf(address: string): Readonly<Place> | undefined {
    return this.#places.get(address);
  }

  /** Oldest first. May be read on while the table changes; what is new comes last. */
  *records(): Generator<ParamRecord, undefined> {
    for (const { record } of this.#places.values()) if (record) yield record;
    return undefined;
  }

  /** @returns the record as it now stands, or why nothing changed */
  write(write: ParamWrite): ParamRecord | Refusal {
    const place = this.#places.get(write.address);
    const current = place?.record;
    const record = this.#plan(write, current);
    if (isRefusal(record)) return record;
    const sizeBytes = this.#sizeBytes + record.sizeBytes - (current?.sizeBytes ?? 0);
    if (!this.#fits(write, this.#places.size + (current ? 0 : 1), sizeBytes)) return this.#full(write);
    this.#put(record, place);
    this.#sizeBytes = sizeBytes;
    return record;
  }

  /** Applies all writes in their order, or none; each is judged against what those before it leave.
   *  @returns one record for each write, or why nothing changed */
  writeAll(writes: readonly ParamWrite[]): readonly ParamRecord[] | Refusal {
    const planned: ParamRecord[] = [];
    const latest = new Map<string, ParamRecord>();
    let sizeBytes = this.#sizeBytes;
    let size = this.#places.size;
    let mergedBytes = 0;
    for (const write of writes) {
      const current = latest.get(write.address) ?? this.get(write.address);
      const record = this.#plan(write, current);
      if (isRefusal(record)) return record;
      mergedBytes += Math.max(0, record.value.size - write.value.size);
      if (mergedBytes > this.#limits.mergedBytesMax) return this.#tooMuchMerged(write);
      sizeBytes += record.sizeBytes - (current?.sizeBytes ?? 0);
      if (!current) size++;
      if (!this.#fits(write, size, sizeBytes)) return this.#full(write);
      latest.set(write.address, record);
      planned.push(record);
    }
    for (const record of latest.values()) this.#put(record, this.#places.get(record.address));
    this.#sizeBytes = sizeBytes;
    return planned;
  }

  /** @param addresses what the holder may have locked; others' locks stay */
  releaseLocks(holder: string, addresses: Iterable<string>): void {
    for (const address of addresses) {
      const place = this.#places.get(address);
      if (place?.record?.holder === holder) this.#release(place, place.record);
    }
  }

  /** Releases what the strategy `lock` gave to somebody, where that is not what holds any more.
   *  @param addresses where it may have changed; everywhere without */
  releaseUnruled(addresses: Iterable<string> = [...this.#ruled]): void {
    for (const address of addresses) {
      const place = this.#places.get(address);
      const record = place?.record;
      if (!place || record?.ruledAt === undefined || record.holder === undefined) continue;
      if (this.#rulingFor(record.address).strategy !== 'lock') this.#release(place, record);
    }
  }

  /** Runs at every change of a param's value, before anyone hears of it. One at a time; it must be quick and not throw. */
  watch(run: ChangeWatcher): Cancel {
    this.#onChange = run;
    return () => (this.#onChange = undefined);
  }

  /** Runs when a lock ends, with whether its holder ended it by setting the param. One at a time; it may write when that
   *  was not so, and only then. */
  watchUnlocks(run: (address: Address, isSet: boolean) => void): Cancel {
    this.#onUnlock = run;
    return () => (this.#onUnlock = undefined);
  }

  /** Runs for every param with a TTL when it is written, or comes back. One at a time; it must not write. */
  watchTtls(run: (record: ParamRecord) => void): Cancel {
    this.#onTtl = run;
    return () => (this.#onTtl = undefined);
  }

  /** A lock has ended with its param, and everyone has heard of that. */
  ended({ address, holder }: ParamRecord): void {
    if (holder !== undefined) this.#onUnlock?.(address, false);
  }

  /** Takes a param out whose time is over; `ended` is to follow.
   *  @returns it as it stood, if it was there and has a TTL */
  expire(address: Address): ParamRecord | undefined {
    const place = this.#places.get(address);
    const record = place?.record;
    if (!place || !record?.ttl) return undefined;
    this.#remove(place, record);
    // The one that told of its end counts too.
    this.#forgetUpTo(record.revision + 1n);
    this.#onChange?.(address, record);
    return record;
  }

  /** Puts back what an earlier run left, before anyone has written. What no longer fits is left out.
   *  @returns how many were put back */
  restore({ params, floors }: KeptState): number {
    this.#floors = floors;
    for (const param of params) {
      const sizeBytes = snapshotSizeOf(param);
      if (!this.#fits(param, this.#places.size + 1, this.#sizeBytes + sizeBytes)) continue;
      const record = { ...param, holder: undefined, ruledAt: undefined, sizeBytes };
      this.#places.set(param.address, this.pages.add(record));
      if (record.ttl) this.#onTtl?.(record);
      this.#sizeBytes += sizeBytes;
    }
    return this.#places.size;
  }

  /** Removes what participants in the process wrote: it followed from a show that is no longer on the table. */
  forgetOwn(): void {
    for (const place of this.#places.values()) {
      const { record } = place;
      if (!record?.isOwn) continue;
      this.#remove(place, record);
      this.#forgetUpTo(record.revision);
      this.#onChange?.(record.address, record);
    }
  }

  #remove(place: Place, { sizeBytes }: ParamRecord): void {
    this.#places.delete(place.address);
    this.#ruled.delete(place.address);
    this.pages.remove(place);
    this.#sizeBytes -= sizeBytes;
  }

  #forgetUpTo(revision: bigint): void {
    if (revision > this.#floors.forNew) this.#floors = { ...this.#floors, forNew: revision };
  }

  #plan(write: ParamWrite, current: ParamRecord | undefined): ParamRecord | Refusal {
    const ruling = this.#rulingFor(write.address);
    return planWrite(write, { current, floors: this.#floors, ruling });
  }

  /** Late joiners hear of no locks. */
  #release(place: Place, record: ParamRecord): void {
    place.record = { ...record, holder: undefined, ruledAt: undefined };
    this.#ruled.delete(record.address);
    this.#onUnlock?.(record.address, false);
  }

  /** @param place where it stands already, if it does */
  #put(record: ParamRecord, place: Place | undefined): void {
    const before = place?.record;
    const wasLocked = before?.holder !== undefined;
    if (place) this.pages.set(place, record);
    else this.#places.set(record.address, this.pages.add(record));
    if (record.ruledAt !== undefined) this.#ruled.add(record.address);
    else if (wasLocked) this.#ruled.delete(record.address);
    if (wasLocked && record.holder === undefined) this.#onUnlock?.(record.address, true);
    if (record.ttl) this.#onTtl?.(record);
    this.#onChange?.(record.address, before);
  }

  /** What does not grow always fits, also when the reserve is in use. */
  #fits({ isOwn = false }: Pick<ParamWrite, 'isOwn'>, size: number, sizeBytes: number): boolean {
    const { paramsMax, paramBytesMax, paramsReserved, paramBytesReserved } = this.#limits;
    const sizeMax = isOwn ? paramsMax + paramsReserved : paramsMax;
    const bytesMax = isOwn ? paramBytesMax + paramBytesReserved : paramBytesMax;
    return size <= Math.max(sizeMax, this.#places.size) && sizeBytes <= Math.max(bytesMax, this.#sizeBytes);
  }

  #tooMuchMerged({ address }: ParamWrite): Refusal {
    const { mergedBytesMax } = this.#limits;
    const message = `The merges of a BUNDLE make at most ${mergedBytesMax} bytes beside what it brings: send several, or larger parts.`;
    return { code: errorNumber.limitReached, message, address };
  }

  #full({ address }: ParamWrite): Refusal {
    const { paramsMax, paramBytesMax } = this.#limits;
    const message = `The router holds at most ${paramsMax} params of ${paramBytesMax} bytes together.`;
    return { code: errorNumber.limitReached, message, address };
  }
}
