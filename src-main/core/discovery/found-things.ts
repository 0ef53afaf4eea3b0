import type { FoundThing, FoundWay } from '../../contract/discovery.ts';
import type { Millis } from '../../contract/units.ts';
import { FoundEntry } from './found-entry.ts';
import type { Sighting } from './sighting.ts';

export const thingsMax = 2000;
/** Things that one address may have told of first; more push out its own oldest. */
export const thingsPerSenderMax = 250;
/** One that is not told of for longer has gone, whatever it said. */
export const holdsMsMax = 4_500_000 as Millis;

/** Everything found on the network. What is found in several ways is one thing with several sources; it goes when the last
 *  of them ended, by a goodbye or by its time. Bounded, and whoever floods it pushes out what it told itself. */
export class FoundThings {
  /** the one heard longest ago first */
  readonly #entries = new Map<string, FoundEntry>();
  readonly #byIdentity = new Map<string, FoundEntry>();
  /** by who told of them first; the one heard longest ago first */
  readonly #bySender = new Map<string, Set<FoundEntry>>();
  readonly #changed = new Set<string>();
  readonly #gone = new Set<string>();
  /** keys that anybody knows: what comes and goes before it was told needs no goodbye */
  readonly #told = new Set<string>();
  #made = 0;

  get size(): number {
    return this.#entries.size;
  }

  /** whether `takeChanges` has something */
  get hasChanges(): boolean {
    return this.#changed.size + this.#gone.size > 0;
  }

  heard(sighting: Sighting, now: Millis): void {
    const holds = Math.min(Math.max(sighting.holds, 0), holdsMsMax) as Millis;
    const [entry = this.#make(sighting, now), ...same] = this.#known(sighting);
    for (const other of same) {
      this.#forget(other);
      entry.takeOver(other);
    }
    const identities = sighting.identities.filter((each) => (this.#byIdentity.get(each) ?? entry) === entry);
    entry.heard({ ...sighting, identities, holds }, now);
    this.#keep(entry);
    this.#makeRoom(entry);
  }

  /** Who said that it is there says that it is not any more.
   *  @param from nobody else's word counts */
  goodbye({ identity, way, from }: { identity: string; way: FoundWay; from: string }): void {
    const entry = this.#byIdentity.get(identity);
    if (!entry?.end(({ sighting }) => sighting.way === way && sighting.from === from)) return;
    this.#settle(entry);
  }

  /** Lets go of what nobody told of in time. */
  expire(now: Millis): void {
    for (const entry of [...this.#entries.values()]) if (entry.end(({ endsAt }) => endsAt <= now)) this.#settle(entry);
  }

  /** All were asked: what does not answer by then has gone. */
  doubt(ways: readonly FoundWay[], until: Millis): void {
    for (const entry of this.#entries.values()) entry.doubt(ways, until);
  }

  /** Forgets what was found in these ways: nobody listens there any more. */
  forgetWays(ways: readonly FoundWay[]): void {
    for (const entry of [...this.#entries.values()])
      if (entry.end(({ sighting }) => ways.includes(sighting.way))) this.#settle(entry);
  }

  get(key: string): FoundThing | undefined {
    return this.#entries.get(key)?.thing();
  }

  /** the longest known first */
  all(): readonly FoundThing[] {
    const things = [...this.#entries.values()].map((entry) => entry.thing());
    for (const { key } of things) this.#told.add(key);
    return things.toSorted((one, other) => one.firstSeen - other.firstSeen || order(one.key) - order(other.key));
  }

  /** What changed since it was asked last, at most so many of each; the rest comes the next time. */
  takeChanges(max: number): { readonly changed: readonly FoundThing[]; readonly gone: readonly string[] } {
    const gone = takeFrom(this.#gone, max);
    const changed = takeFrom(this.#changed, max).flatMap((key) => this.get(key) ?? []);
    for (const { key } of changed) this.#told.add(key);
    return { changed, gone };
  }

  /** Those that it is of. Beside the thing of its first identity only what nobody but its sender told of: nobody makes two things
   *  of others one. */
  #known({ identities: [own = '', ...others], from }: Sighting): FoundEntry[] {
    const known = this.#byIdentity.get(own) ?? [];
    const told = others.flatMap((identity) => this.#byIdentity.get(identity) ?? []);
    return [...new Set([known, told.filter((each) => each.isToldBy(from))].flat())];
  }

  #make(sighting: Sighting, now: Millis): FoundEntry {
    return new FoundEntry(`found-${++this.#made}`, sighting, now);
  }

  /** As the newest. */
  #keep(entry: FoundEntry): void {
    this.#entries.delete(entry.key);
    this.#entries.set(entry.key, entry);
    for (const identity of entry.identities) this.#byIdentity.set(identity, entry);
    const own = this.#bySender.get(entry.owner) ?? new Set();
    own.delete(entry);
    this.#bySender.set(entry.owner, own.add(entry));
    this.#changed.add(entry.key);
  }

  #makeRoom({ owner }: FoundEntry): void {
    const own = this.#bySender.get(owner);
    if (own && own.size > thingsPerSenderMax) this.#forgetOldest(own);
    if (this.#entries.size <= thingsMax) return;
    let most = own ?? new Set();
    for (const each of this.#bySender.values()) if (each.size > most.size) most = each;
    this.#forgetOldest(most);
  }

  #forgetOldest(entries: ReadonlySet<FoundEntry>): void {
    for (const oldest of entries) {
      this.#forget(oldest);
      return;
    }
  }

  #settle(entry: FoundEntry): void {
    if (entry.isGone) this.#forget(entry);
    else this.#changed.add(entry.key);
  }

  #forget(entry: FoundEntry): void {
    if (!this.#entries.delete(entry.key)) return;
    for (const identity of entry.identities)
      if (this.#byIdentity.get(identity) === entry) this.#byIdentity.delete(identity);
    const own = this.#bySender.get(entry.owner);
    own?.delete(entry);
    if (own?.size === 0) this.#bySender.delete(entry.owner);
    this.#changed.delete(entry.key);
    if (this.#told.delete(entry.key)) this.#gone.add(entry.key);
  }
}

function takeFrom(keys: Set<string>, max: number): string[] {
  const taken = [...keys].slice(0, max);
  for (const key of taken) keys.delete(key);
  return taken;
}

function order(key: string): number {
  return Number(key.slice(key.lastIndexOf('-') + 1));
}
