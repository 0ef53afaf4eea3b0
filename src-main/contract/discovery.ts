import type { BridgeKind } from './show.ts';
import type { Millis } from './units.ts';

/** off: nothing is sent, nothing is heard. find: looks for what is on the network. find-and-show: lets others find this
 *  router too. */
export const discoveryModes = ['off', 'find', 'find-and-show'] as const;
export type DiscoveryMode = (typeof discoveryModes)[number];

export const foundKinds = ['clasp', 'osc', 'http', 'mqtt', 'artnet', 'sacn'] as const;
export type FoundKind = (typeof foundKinds)[number];

/** mdns: DNS-SD on the link. broadcast: CLASP's HELLO to UDP 7331. artpoll: Art-Net's ArtPoll. sacn: universe discovery.
 *  rendezvous: a server that devices are registered with. */
export const foundWays = ['mdns', 'broadcast', 'artpoll', 'sacn', 'rendezvous'] as const;
export type FoundWay = (typeof foundWays)[number];

/** One way in which a thing was found. */
export interface FoundSource {
  readonly way: FoundWay;
  /** the card of this machine that it was heard on; null where that is not known */
  readonly networkCard: string | null;
  /** who said it: an IP address, or the URL of a server */
  readonly from: string;
  readonly lastSeen: Millis;
}

/** What a click on a found thing does. */
export type FoundOffer =
  /** a bridge joins the show, see `connectFound`; `note` says what to know before */
  | { readonly does: 'add-bridge'; readonly bridge: BridgeKind; readonly note: string | null }
  /** its URL opens in a browser */
  | { readonly does: 'open' }
  /** nothing yet, and why */
  | { readonly does: 'nothing'; readonly why: string };

/** Something on the network that Flyrail could work with. Texts come from the network: shortened, without control
 *  characters, and otherwise as they came. */
export interface FoundThing {
  /** stands for it as long as it is there, and for nothing else ever */
  readonly key: string;
  readonly kind: FoundKind;
  /** up to 80 characters */
  readonly name: string;
  /** IP addresses, the likeliest to be reached first */
  readonly addresses: readonly string[];
  readonly port: number | null;
  /** where it is dialled or opened; null where nothing has one */
  readonly url: string | null;
  /** of CLASP routers: letters of their TXT record, or names; of Art-Net nodes: `firmware 2.11` */
  readonly features: readonly string[];
  /** of lighting nodes and sources: 1..63999 for sACN, 0..32767 for Art-Net; ascending */
  readonly universes: readonly number[];
  /** the most trusted first, never empty */
  readonly sources: readonly FoundSource[];
  readonly firstSeen: Millis;
  readonly lastSeen: Millis;
  readonly offer: FoundOffer;
}

/** Everything found. */
export interface FoundState {
  readonly mode: DiscoveryMode;
  /** the longest known first */
  readonly things: readonly FoundThing[];
  /** why something is not found or not shown: one sentence each, such as a port that another program holds */
  readonly troubles: readonly string[];
}

/** What changed since the last of these. `gone` comes before `changed`. */
export interface FoundChange extends Pick<FoundState, 'mode' | 'troubles'> {
  readonly changed: readonly FoundThing[];
  readonly gone: readonly string[];
}
