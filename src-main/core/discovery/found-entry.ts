import { foundWays, type FoundSource, type FoundThing, type FoundWay } from '../../contract/discovery.ts';
import type { Millis } from '../../contract/units.ts';
import { isHostAddress } from './lan-address.ts';
import { offerFor } from './found-offer.ts';
import { shownText } from './shown-text.ts';
import type { Sighting } from './sighting.ts';

/** Ways of one thing; the one heard longest ago makes room. */
export const sourcesMax = 32;
export const identitiesMax = 8;
const addressesMax = 8;
const universesMax = 512;
/** Of all sources together, so that 2,000 hostile things are a few megabytes. */
const universesKeptMax = 1024;
const featuresMax = 16;
const nameLengthMax = 80;
/** The most trusted first: who says most about itself. */
const trusted: readonly FoundWay[] = ['mdns', 'rendezvous', 'artpoll', 'sacn', 'broadcast'];

interface HeldSource {
  readonly sighting: Sighting;
  readonly since: Millis;
  seenAt: Millis;
  endsAt: Millis;
}

/** One found thing, and all that says it is there. */
export class FoundEntry {
  readonly key: string;
  /** who told of it first, and pays for its place */
  readonly owner: string;
  readonly identities = new Set<string>();
  readonly #sources = new Map<string, HeldSource>();
  #firstSeen: Millis;
  #lastSeen: Millis;

  constructor(key: string, { from }: Sighting, now: Millis) {
    this.key = key;
    this.owner = from;
    this.#firstSeen = now;
    this.#lastSeen = now;
  }

  get isGone(): boolean {
    return this.#sources.size === 0;
  }

  heard(sighting: Sighting, now: Millis): void {
    for (const identity of sighting.identities) if (this.identities.size < identitiesMax) this.identities.add(identity);
    const id = sourceId(sighting);
    const clean = kept(sighting);
    const known = this.#sources.get(id);
    const features = clean.features ?? known?.sighting.features;
    this.#sources.delete(id);
    this.#sources.set(id, {
      sighting: { ...clean, features },
      since: known?.since ?? now,
      seenAt: now,
      endsAt: (now + sighting.holds) as Millis,
    });
    this.#lastSeen = now;
    this.#makeRoom();
  }

  /** The newest source stays. */
  #makeRoom(): void {
    let universes = 0;
    for (const { sighting } of this.#sources.values()) universes += sighting.universes?.length ?? 0;
    for (const [id, { sighting }] of this.#sources) {
      const isTooMuch = this.#sources.size > sourcesMax || universes > universesKeptMax;
      if (!isTooMuch || this.#sources.size === 1) return;
      universes -= sighting.universes?.length ?? 0;
      this.#sources.delete(id);
    }
  }

  /** Whether nobody else told of it. */
  isToldBy(sender: string): boolean {
    for (const { sighting } of this.#sources.values()) if (sighting.from !== sender) return false;
    return true;
  }

  /** Two turned out to be one. */
  takeOver(other: FoundEntry): void {
    for (const identity of other.identities) if (this.identities.size < identitiesMax) this.identities.add(identity);
    for (const [id, source] of other.#sources) if (!this.#sources.has(id)) this.#sources.set(id, source);
    this.#makeRoom();
    this.#firstSeen = Math.min(this.#firstSeen, other.#firstSeen) as Millis;
  }

  /** @returns whether anything ended */
  end(isOver: (source: { readonly sighting: Sighting; readonly endsAt: Millis }) => boolean): boolean {
    const before = this.#sources.size;
    for (const [id, source] of this.#sources) if (isOver(source)) this.#sources.delete(id);
    return this.#sources.size < before;
  }

  /** Whatever is not heard of again by then has gone. */
  doubt(ways: readonly FoundWay[], until: Millis): void {
    for (const source of this.#sources.values())
      if (ways.includes(source.sighting.way)) source.endsAt = Math.min(source.endsAt, until) as Millis;
  }

  thing(): FoundThing {
    // Of equals the one heard first: where it is dialled changes neither with each packet nor at the word of a second sender.
    const held = [...this.#sources.values()].toSorted(
      (one, other) =>
        trusted.indexOf(one.sighting.way) - trusted.indexOf(other.sighting.way) || one.since - other.since,
    );
    const sightings = held.map(({ sighting }) => sighting);
    const best = sightings[0];
    if (!best) throw new Error('a thing of which nobody tells is not there');
    const facts = {
      key: this.key,
      kind: best.kind,
      name: best.name || 'without a name',
      addresses: unique(sightings.flatMap(({ addresses }) => addresses)).slice(0, addressesMax),
      port: best.port,
      url: best.url,
      features: sightings.find(({ features }) => features)?.features ?? [],
      universes: unique(sightings.flatMap(({ universes = [] }) => universes))
        .toSorted((one, other) => one - other)
        .slice(0, universesMax),
      sources: sourcesOf(held),
      firstSeen: this.#firstSeen,
      lastSeen: this.#lastSeen,
    };
    return { ...facts, offer: offerFor(facts) };
  }
}

/** What is remembered of a sighting: texts that may be shown, and no more of each list than is shown. */
function kept(sighting: Sighting): Sighting {
  const { name, addresses, features, universes } = sighting;
  return {
    ...sighting,
    name: shownText(name, nameLengthMax),
    addresses: addresses.filter(isHostAddress).slice(0, addressesMax),
    features: features?.slice(0, featuresMax).map((feature) => shownText(feature, 16)),
    universes: universes?.slice(0, universesMax),
  };
}

function sourceId({ way, networkCard, from, part = '' }: Sighting): string {
  return `${foundWays.indexOf(way)} ${networkCard ?? ''} ${from} ${part}`;
}

/** Parts of one are one. */
function sourcesOf(held: readonly HeldSource[]): readonly FoundSource[] {
  const sources = new Map<string, FoundSource>();
  for (const { sighting, seenAt } of held) {
    const { way, networkCard, from } = sighting;
    const id = sourceId({ ...sighting, part: '' });
    const lastSeen = Math.max(seenAt, sources.get(id)?.lastSeen ?? 0) as Millis;
    sources.set(id, { way, networkCard, from, lastSeen });
  }
  return [...sources.values()];
}

function unique<T>(items: readonly T[]): readonly T[] {
  return [...new Set(items)];
}
