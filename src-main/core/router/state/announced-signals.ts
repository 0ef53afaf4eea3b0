import type { Address, Pattern } from '../../../contract/address.ts';
import { compareSpecificity } from '../../../contract/pattern-order.ts';
import type { AnnouncedSignal } from '../../protocol/messages.ts';
import { errorNumber, type Refusal } from '../requests/refusal.ts';
import { SubscriptionIndex } from '../subscriptions/subscription-index.ts';
import {
  holding,
  isPattern,
  keptSignal,
  saysTheSame,
  sizeOfSignal,
  ownersMax,
  type AnnouncedEntry as Entry,
  type AnnouncedPattern,
} from './announced-entry.ts';

export interface AnnouncedLimits {
  readonly announcedMax: number;
  readonly announcedBytesMax: number;
  /** of them with wildcards */
  readonly announcedPatternsMax: number;
}

interface Room {
  readonly count: number;
  readonly patterns: number;
  readonly sizeBytes: number;
}

/** What sessions said they have, by address or by pattern. Who announced a signal first and is here holds it: others may say
 *  the same of it, and nothing else. It outlives them, as with old routers, but gives way first when room is needed. */
export class AnnouncedSignals {
  readonly #entries = new Map<string, Entry>();
  /** addresses whose session has left, those that left first in front */
  readonly #orphans = new Set<string>();
  /** those of them with wildcards */
  readonly #wideOrphans = new Set<string>();
  readonly #bySession = new Map<string, Set<string>>();
  /** those with wildcards; remembers nothing itself, since who asks does */
  readonly #patterns = new SubscriptionIndex<AnnouncedPattern, readonly AnnouncedSignal[]>(0, bySpecificity);
  readonly #limits: AnnouncedLimits;
  readonly #onLeft: () => void;
  #patternCount = 0;
  #sizeBytes = 0;
  #changes = 0;
  #announcedTotal = 0;

  /** @param onLeft a session has left that had announced something: from now on others' word may hold */
  constructor(limits: AnnouncedLimits, onLeft: () => void = () => undefined) {
    this.#limits = limits;
    this.#onLeft = onLeft;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Counts up whenever what is known may be another. */
  get changes(): number {
    return this.#changes;
  }

  /** What was announced under this very text. */
  get(address: string): AnnouncedSignal | undefined {
    return this.#entries.get(address)?.signal;
  }

  /** All that holds of what was announced for an address: under itself, then by patterns, the most specific in front. */
  covering(address: Address): readonly AnnouncedSignal[] {
    const exact = this.#entries.get(address);
    const wide = this.#patternCount > 0 ? this.#patterns.targetsOf(address) : [];
    const entries = wide.flatMap((signal) => this.#entries.get(signal.address) ?? []);
    return holding(exact ? [exact, ...entries] : entries).map(({ signal }) => signal);
  }

  /** By the time they were first announced. May be read on while others are announced. */
  *signals(): IterableIterator<AnnouncedSignal> {
    for (const { signal } of this.#entries.values()) yield signal;
  }

  /** Takes all of them or none; what the session itself, or one that has left, announced before is replaced.
   *  @param signals with valid addresses or patterns; default values may be views of a frame */
  announce(session: string, signals: readonly AnnouncedSignal[]): Refusal | undefined {
    for (const signal of signals) {
      const holder = this.#holderAgainst(session, signal);
      if (holder === undefined) continue;
      const message = `Session ${holder}, which is here, has announced this signal otherwise.`;
      return { code: errorNumber.forbidden, message, address: signal.address };
    }
    const entries = signals.map((signal) => this.#entryOf(session, signal));
    const leaving = this.#roomFor(new Map(entries.map((entry) => [entry.signal.address, entry])));
    if (!leaving) {
      const { announcedMax, announcedBytesMax, announcedPatternsMax } = this.#limits;
      const message =
        `The router remembers at most ${announcedMax} announced signals of ${announcedBytesMax} bytes together, ` +
        `${announcedPatternsMax} of them with wildcards.`;
      return { code: errorNumber.limitReached, message };
    }
    for (const address of leaving) this.#remove(address);
    for (const entry of entries) this.#put(entry, session);
    return undefined;
  }

  /** The session has left, or may not announce any more what `isMeant` tells. */
  orphan(session: string, isMeant: (pattern: Pattern) => boolean = () => true): void {
    const own = this.#bySession.get(session);
    const addresses = [...(own ?? [])].filter((address) => isMeant(address as Pattern));
    if (!own || addresses.length === 0) return;
    if (addresses.length === own.size) this.#bySession.delete(session);
    this.#changes++;
    for (const address of addresses) {
      own.delete(address);
      const owners = this.#entries.get(address)?.owners;
      owners?.delete(session);
      if (owners?.size !== 0) continue;
      this.#orphans.add(address);
      if (isWide(address)) this.#wideOrphans.add(address);
    }
    this.#onLeft();
  }

  /** @returns the session that holds it, if that is another one and says something else */
  #holderAgainst(session: string, signal: AnnouncedSignal): string | undefined {
    const known = this.#entries.get(signal.address);
    const [holder] = known?.owners ?? [];
    if (!known || holder === undefined || holder === session) return undefined;
    return saysTheSame(known.signal, signal) ? undefined : holder;
  }

  #entryOf(session: string, signal: AnnouncedSignal): Entry {
    const known = this.#entries.get(signal.address);
    const isHeld = known !== undefined && known.owners.size > 0;
    const owners = new Set(isHeld && saysTheSame(known.signal, signal) ? known.owners : []);
    if (owners.size < ownersMax) owners.add(session);
    const since = isHeld ? known.since : ++this.#announcedTotal;
    return { signal: keptSignal(signal), owners, since, sizeBytes: sizeOfSignal(signal) };
  }

  /** Changes nothing.
   *  @returns the addresses that must go for it; undefined when there is no room even so */
  #roomFor(incoming: ReadonlyMap<string, Entry>): ReadonlySet<string> | undefined {
    let taken: Room = { count: this.#entries.size, patterns: this.#patternCount, sizeBytes: this.#sizeBytes };
    for (const [address, entry] of incoming) {
      taken = plus(without(taken, this.#entries.get(address)), entry);
    }
    const leaving = new Set<string>();
    const go = (orphans: ReadonlySet<string>, isEnough: (room: Room) => boolean): void => {
      for (const address of orphans) {
        if (isEnough(taken)) return;
        if (incoming.has(address) || leaving.has(address)) continue;
        leaving.add(address);
        taken = without(taken, this.#entries.get(address));
      }
    };
    // Where patterns are too many no address makes room by going, and there may be tens of thousands to look through.
    go(this.#wideOrphans, ({ patterns }) => patterns <= this.#limits.announcedPatternsMax);
    if (taken.patterns <= this.#limits.announcedPatternsMax) go(this.#orphans, (room) => this.#fits(room));
    return this.#fits(taken) ? leaving : undefined;
  }

  #fits({ count, patterns, sizeBytes }: Room): boolean {
    const { announcedMax, announcedPatternsMax, announcedBytesMax } = this.#limits;
    return count <= announcedMax && patterns <= announcedPatternsMax && sizeBytes <= announcedBytesMax;
  }

  #put(entry: Entry, session: string): void {
    this.#changes++;
    const { address } = entry.signal;
    const older = this.#entries.get(address);
    if (older) {
      this.#sizeBytes -= older.sizeBytes;
      this.#unindex(older.signal);
      for (const owner of older.owners) if (!entry.owners.has(owner)) this.#bySession.get(owner)?.delete(address);
    }
    this.#entries.set(address, entry);
    this.#adopt(address);
    this.#sizeBytes += entry.sizeBytes;
    if (isPattern(entry.signal)) {
      this.#patterns.add(entry.signal.address, entry.signal);
      this.#patternCount++;
    }
    if (!entry.owners.has(session)) return;
    const own = this.#bySession.get(session);
    if (own) own.add(address);
    else this.#bySession.set(session, new Set([address]));
  }

  #remove(address: string): void {
    const entry = this.#entries.get(address);
    if (!entry) return;
    this.#changes++;
    this.#sizeBytes -= entry.sizeBytes;
    this.#unindex(entry.signal);
    this.#entries.delete(address);
    this.#adopt(address);
  }

  /** Its session is here, or it is gone itself. */
  #adopt(address: string): void {
    this.#orphans.delete(address);
    this.#wideOrphans.delete(address);
  }

  #unindex(signal: AnnouncedSignal): void {
    if (!isPattern(signal)) return;
    this.#patterns.remove(signal.address, signal);
    this.#patternCount--;
  }
}

function plus({ count, patterns, sizeBytes }: Room, { signal, sizeBytes: more }: Entry): Room {
  return { count: count + 1, patterns: patterns + (isPattern(signal) ? 1 : 0), sizeBytes: sizeBytes + more };
}

function without(room: Room, entry: Entry | undefined): Room {
  if (!entry) return room;
  const { signal, sizeBytes } = entry;
  return {
    count: room.count - 1,
    patterns: room.patterns - (isPattern(signal) ? 1 : 0),
    sizeBytes: room.sizeBytes - sizeBytes,
  };
}

function isWide(address: string): boolean {
  return address.includes('*');
}

function bySpecificity(signals: readonly AnnouncedPattern[]): readonly AnnouncedSignal[] {
  return signals.toSorted((left, right) => compareSpecificity(left.address, right.address));
}
