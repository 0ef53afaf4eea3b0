import { utf8Size } from '../protocol/utf8.ts';
import type { AnnouncedSignal } from '../protocol/messages.ts';
import { errorNumber, type Refusal } from './refusal.ts';

export interface AnnouncedLimits {
  readonly announcedMax: number;
  readonly announcedBytesMax: number;
}

interface Entry {
  readonly signal: AnnouncedSignal;
  readonly session: string;
  readonly sizeBytes: number;
}

/** What sessions said they have. It outlives them, as with old routers, but gives way first when room is needed. */
export class AnnouncedSignals {
  readonly #entries = new Map<string, Entry>();
  /** addresses whose session has left, those that left first in front */
  readonly #orphans = new Set<string>();
  readonly #bySession = new Map<string, Set<string>>();
  readonly #limits: AnnouncedLimits;
  #sizeBytes = 0;
  #changes = 0;

  constructor(limits: AnnouncedLimits) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Counts up whenever what is known may be another. */
  get changes(): number {
    return this.#changes;
  }

  get(address: string): AnnouncedSignal | undefined {
    return this.#entries.get(address)?.signal;
  }

  /** By the time they were first announced. May be read on while others are announced. */
  *signals(): IterableIterator<AnnouncedSignal> {
    for (const { signal } of this.#entries.values()) yield signal;
  }

  /** Takes all of them or none; an address announced before is replaced.
   *  @param signals with valid addresses; default values may be views of a frame */
  announce(session: string, signals: readonly AnnouncedSignal[]): Refusal | undefined {
    const entries = signals.map((signal) => ({ signal: kept(signal), session, sizeBytes: sizeOf(signal) }));
    const leaving = this.#roomFor(new Map(entries.map((entry) => [entry.signal.address, entry])));
    if (!leaving) {
      const { announcedMax, announcedBytesMax } = this.#limits;
      const message = `The router remembers at most ${announcedMax} announced signals of ${announcedBytesMax} bytes together.`;
      return { code: errorNumber.limitReached, message };
    }
    for (const address of leaving) this.#remove(address);
    for (const entry of entries) this.#put(entry);
    return undefined;
  }

  /** The session has left. */
  orphan(session: string): void {
    for (const address of this.#bySession.get(session) ?? []) this.#orphans.add(address);
    this.#bySession.delete(session);
  }

  /** Changes nothing.
   *  @returns the addresses that must go for it; undefined when there is no room even so */
  #roomFor(incoming: ReadonlyMap<string, Entry>): readonly string[] | undefined {
    const { announcedMax, announcedBytesMax } = this.#limits;
    let count = this.#entries.size;
    let sizeBytes = this.#sizeBytes;
    for (const [address, entry] of incoming) {
      const older = this.#entries.get(address);
      if (!older) count++;
      sizeBytes += entry.sizeBytes - (older?.sizeBytes ?? 0);
    }
    const leaving: string[] = [];
    for (const address of this.#orphans) {
      if (count <= announcedMax && sizeBytes <= announcedBytesMax) break;
      if (incoming.has(address)) continue;
      leaving.push(address);
      count--;
      sizeBytes -= this.#entries.get(address)?.sizeBytes ?? 0;
    }
    return count <= announcedMax && sizeBytes <= announcedBytesMax ? leaving : undefined;
  }

  #put(entry: Entry): void {
    this.#changes++;
    const { address } = entry.signal;
    const older = this.#entries.get(address);
    if (older) {
      this.#sizeBytes -= older.sizeBytes;
      this.#bySession.get(older.session)?.delete(address);
    }
    this.#entries.set(address, entry);
    this.#orphans.delete(address);
    this.#sizeBytes += entry.sizeBytes;
    const own = this.#bySession.get(entry.session);
    if (own) own.add(address);
    else this.#bySession.set(entry.session, new Set([address]));
  }

  #remove(address: string): void {
    this.#changes++;
    this.#sizeBytes -= this.#entries.get(address)?.sizeBytes ?? 0;
    this.#entries.delete(address);
    this.#orphans.delete(address);
  }
}

function kept(signal: AnnouncedSignal): AnnouncedSignal {
  if (!signal.meta?.default) return signal;
  return { ...signal, meta: { ...signal.meta, default: signal.meta.default.copy() } };
}

function sizeOf({ address, datatype, access, meta }: AnnouncedSignal): number {
  const texts = [address, datatype, access, meta?.unit, meta?.description];
  return texts.reduce((sum, text) => sum + utf8Size(text ?? ''), 32) + (meta?.default?.data.length ?? 0);
}
