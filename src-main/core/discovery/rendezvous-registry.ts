import { InputError, LimitError } from '../../contract/errors.ts';
import type { Cancel } from '../../contract/message-link.ts';
import { discoverLimits, type Found, type Registered, type Registration } from '../../contract/rendezvous.ts';
import { microsToMillis, millis, millisToMicros } from '../../contract/units.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Random } from '../../ports/random.ts';
import { describeEntry, identityOf, type Caller, type RendezvousEntry } from './rendezvous-entry.ts';
import { SourceShares } from './source-shares.ts';

export const rendezvousLimits = {
  /** an entry lives so long after it was heard of last */
  ttl: millis(300_000),
  /** how often what has ended is looked for */
  sweepEvery: millis(60_000),
  entriesMax: 10_000,
  /** of one source */
  perSource: 10,
} as const;

export interface RegistryOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** whether unsigned requests are refused */
  readonly requireSigned: boolean;
  readonly entriesMax?: number;
  readonly perSource?: number;
}

export interface RegistryFigures {
  readonly entries: number;
  /** of them, signed */
  readonly signed: number;
  readonly sources: number;
  /** entries that ended: their time was over; the owner took them out; they gave way to others */
  readonly ended: Readonly<Record<'expired' | 'unregistered' | 'gave-way', number>>;
}

export interface Filter {
  readonly tag?: string | undefined;
  readonly feature?: string | undefined;
  /** 1..1000; 100 without */
  readonly limit?: number | undefined;
}

/** Devices that made themselves known, each for a while. A signed entry belongs to its key, wherever that comes from; an unsigned one
 *  to the source it came from.
 *  @see CLASP-WIRE §13 */
export class RendezvousRegistry {
  readonly #options: RegistryOptions;
  readonly #entriesMax: number;
  readonly #perSource: number;
  readonly #entries = new Map<string, RendezvousEntry>();
  readonly #bySource = new SourceShares<RendezvousEntry>();
  readonly #byIdentity = new Map<string, RendezvousEntry>();
  #signed = 0;
  readonly #ended = { expired: 0, unregistered: 0, 'gave-way': 0 };
  #sweep: Cancel;

  constructor(options: RegistryOptions) {
    this.#options = options;
    this.#entriesMax = options.entriesMax ?? rendezvousLimits.entriesMax;
    this.#perSource = options.perSource ?? rendezvousLimits.perSource;
    this.#sweep = this.#sweepLater();
  }

  /** A device that is here already is changed and keeps its id.
   *  @throws InputError 'signature-required'; 'bad-arguments' for a public key that is not the one that signed
   *  @throws LimitError 'too-many-items' with `retryAfterSeconds`, for a source that has its share */
  register(registration: Registration, caller: Caller): Registered {
    this.#expectSigned(caller);
    if (caller.key !== undefined && (registration.publicKey ?? caller.key) !== caller.key)
      throw new InputError('bad-arguments', 'publicKey: expected the key that signed the request, or none.');
    const identity = identityOf(registration, caller);
    const entry = this.#find(identity) ?? this.#enter(registration, { ...caller, identity });
    entry.registration = registration;
    entry.letters = JSON.stringify(registration).length;
    this.#touch(entry);
    return { id: entry.id, timestamp: entry.lastSeen, ttl: rendezvousLimits.ttl / 1000 };
  }

  /** Of every source one, then a second of each, so that none fills the answer. */
  discover({ tag, feature, limit = discoverLimits.usual }: Filter): Found[] {
    const most = Math.min(limit, discoverLimits.max);
    const found: Found[] = [];
    let letters = 0;
    for (const entry of this.#bySource.byTurns()) {
      if (found.length >= most || letters > discoverLimits.lettersMax) break;
      const { tags, features } = entry.registration;
      if (tag !== undefined && !tags.includes(tag)) continue;
      if (feature !== undefined && !features.includes(feature)) continue;
      if (this.#isOver(entry)) continue;
      found.push(describeEntry(entry));
      letters += entry.letters;
    }
    return found;
  }

  /** @throws InputError 'unknown-id' | 'access-refused' | 'signature-required' */
  refresh(id: string, caller: Caller): void {
    this.#touch(this.#own(id, caller));
  }

  /** @throws InputError 'unknown-id' | 'access-refused' | 'signature-required' */
  unregister(id: string, caller: Caller): void {
    this.#end(this.#own(id, caller), 'unregistered');
  }

  figures(): RegistryFigures {
    const { size: entries, sources } = this.#bySource;
    return { entries, signed: this.#signed, sources, ended: { ...this.#ended } };
  }

  /** Looks for nothing any more. */
  close(): void {
    this.#sweep();
  }

  #expectSigned({ key }: Caller): void {
    if (key === undefined && this.#options.requireSigned)
      throw new InputError(
        'signature-required',
        'This server takes signed requests only: docs/rendezvous.md tells how.',
      );
  }

  #find(identity: string): RendezvousEntry | undefined {
    const known = this.#byIdentity.get(identity);
    if (!known || !this.#isOver(known)) return known;
    this.#end(known, 'expired');
    return undefined;
  }

  #enter(registration: Registration, { source, key, identity }: Caller & { identity: string }): RendezvousEntry {
    this.#makeRoom(source);
    const now = this.#options.clock.nowMicros();
    const id = this.#options.random.uuid();
    const entry: RendezvousEntry = {
      id,
      identity,
      source,
      owner: key,
      registeredAt: now,
      registration,
      lastSeen: now,
      letters: 0,
    };
    this.#entries.set(id, entry);
    this.#bySource.add(source, entry);
    this.#byIdentity.set(identity, entry);
    if (key !== undefined) this.#signed++;
    return entry;
  }

  #makeRoom(source: string): void {
    for (const entry of this.#bySource.of(source)) {
      if (!this.#isOver(entry)) break;
      this.#end(entry, 'expired');
    }
    const [oldest] = this.#bySource.of(source);
    if (oldest && this.#bySource.of(source).size >= this.#perSource) throw this.#overShare(oldest);
    const goes = this.#entries.size >= this.#entriesMax ? this.#bySource.givesWay(source) : undefined;
    if (goes) this.#end(goes, this.#isOver(goes) ? 'expired' : 'gave-way');
  }

  #overShare({ lastSeen }: RendezvousEntry): LimitError {
    const left = microsToMillis(this.#options.clock.nowMicros()) - microsToMillis(lastSeen);
    const retryAfterSeconds = Math.max(1, Math.ceil((rendezvousLimits.ttl - left) / 1000));
    const words = `Your address has ${this.#perSource} entries here, which is all that one may have.`;
    return new LimitError('too-many-items', words, { retryAfterSeconds });
  }

  #own(id: string, caller: Caller): RendezvousEntry {
    const entry = this.#entries.get(id);
    if (!entry || this.#isOver(entry))
      throw new InputError('unknown-id', 'No such entry is here, or its time is over.');
    if (entry.owner === undefined) {
      this.#expectSigned(caller);
      if (entry.source === caller.source) return entry;
      throw new InputError('access-refused', 'Only the address that registered an unsigned entry can change it.');
    }
    if (caller.key === entry.owner) return entry;
    if (caller.key === undefined)
      throw new InputError(
        'signature-required',
        'This entry is signed: only a request signed by its owner changes it.',
      );
    throw new InputError('access-refused', 'This entry is signed by another key.');
  }

  #touch(entry: RendezvousEntry): void {
    entry.lastSeen = this.#options.clock.nowMicros();
    this.#bySource.touch(entry.source, entry);
  }

  #isOver({ lastSeen }: RendezvousEntry): boolean {
    return this.#options.clock.nowMicros() - lastSeen >= millisToMicros(rendezvousLimits.ttl);
  }

  #end(entry: RendezvousEntry, why: keyof RegistryFigures['ended']): void {
    this.#entries.delete(entry.id);
    this.#bySource.remove(entry.source, entry);
    this.#byIdentity.delete(entry.identity);
    if (entry.owner !== undefined) this.#signed--;
    this.#ended[why]++;
  }

  #sweepLater(): Cancel {
    return this.#options.clock.after(rendezvousLimits.sweepEvery, () => {
      for (const entry of this.#entries.values()) if (this.#isOver(entry)) this.#end(entry, 'expired');
      this.#sweep = this.#sweepLater();
    });
  }
}
