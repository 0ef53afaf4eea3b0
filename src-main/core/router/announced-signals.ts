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

  constructor(limits: AnnouncedLimits) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#entries.size;
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
    if (!this.#makeRoomFor(entries)) {
      const { announcedMax, announcedBytesMax } = this.#limits;
      const message = `The router remembers at most ${announcedMax} announced signals of ${announcedBytesMax} bytes together.`;
      return { code: errorNumber.limitReached, message };
    }
    for (const entry of entries) this.#put(entry);
    return undefined;
  }

  /** The session has left. */
  orphan(session: string): void {
    for (const address of this.#bySession.get(session) ?? []) this.#orphans.add(address);
    this.#bySession.delete(session);
  }

  #makeRoomFor(entries: readonly Entry[]): boolean {
    const incoming = new Set(entries.map(({ signal }) => signal.address));
    const addedBytes = entries.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    let added = 0;
    for (const address of incoming) if (!this.#entries.has(address)) added++;
    const fits = (): boolean =>
      this.#entries.size + added <= this.#limits.announcedMax &&
      this.#sizeBytes + addedBytes <= this.#limits.announcedBytesMax;
    for (const address of this.#orphans) {
      if (fits()) return true;
      if (!incoming.has(address)) this.#remove(address);
    }
    return fits();
  }

  #put(entry: Entry): void {
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
