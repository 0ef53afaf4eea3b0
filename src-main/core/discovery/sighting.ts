import type { FoundKind, FoundWay } from '../../contract/discovery.ts';
import type { Millis } from '../../contract/units.ts';

/** Something was heard of, once. Texts as they came. */
export interface Sighting {
  readonly kind: FoundKind;
  readonly way: FoundWay;
  /** who said it: an IP address, or the URL of a server */
  readonly from: string;
  readonly networkCard: string | null;
  /** What it is known by, over all kinds. Two sightings with the same first one are of one thing; the others count where
   *  one sender told of all. At most 8 are kept. */
  readonly identities: readonly string[];
  readonly name: string;
  readonly addresses: readonly string[];
  readonly port: number | null;
  readonly url: string | null;
  /** undefined: nothing was said of them, those known before hold */
  readonly features?: readonly string[] | undefined;
  readonly universes?: readonly number[] | undefined;
  /** which of several messages about it this is, where one has no room for all: a page, an index */
  readonly part?: string | undefined;
  /** for so long it counts as there */
  readonly holds: Millis;
}

/** What a service at an address is known by, whatever way it was found. */
export function placeIdentity(kind: FoundKind, address: string, port: number | null): string {
  return `${kind} at ${address} ${port ?? ''}`;
}
