import type { Address } from '../contract/address.ts';
import type { Cancel } from '../contract/message-link.ts';
import type { Millis } from '../contract/units.ts';

/** What stands between the levels that signals asked for and the wire: grand master, blackout, park, soft patch. One for all
 *  bridges; it also knows, when somebody asks, what each slot is and where it comes from. */
export interface DmxDesk {
  /** An output begins to send. Universes of it have to be finished by the line before they leave, from now on until `leave`.
   *  @param bridgeId several outputs may have one, as a bridge is made anew */
  join(bridgeId: string, output: DeskOutput): DeskLine;
  /** A bridge hears universes from the network, or from a cable, which it receives, or which others send beside it. It is
   *  asked only while somebody looks, so it costs nothing.
   *  @returns ends it; to be called when the bridge stops */
  hear(bridgeId: string, input: DeskInput): Cancel;
}

/** Which desk an output stands at, and as whose output. */
export interface DeskSeat {
  readonly desk: DmxDesk;
  readonly bridgeId: string;
}

/** An output as the desk sees it. Calls may come at any time until `leave`, and must not throw. */
export interface DeskOutput {
  /** Finishes these universes again and sends them as soon as their rate allows; one that has not begun begins, if the output
   *  sends it. All that began without `universes`. */
  refinish(universes?: readonly number[]): void;
  /** @returns undefined while it has not begun */
  asked(universe: number): AskedUniverse | undefined;
  /** those that began */
  universes(): readonly number[];
  /** how receivers know it; undefined for a universe that it does not send, and without for wires that know no names */
  source?(universe: number): SourceName | undefined;
}

/** The levels that were asked of a universe, before anything was done to them. */
export interface AskedUniverse {
  readonly universe: number;
  /** 512 of them, slot 1 first; a view that changes */
  readonly levels: Readonly<Uint8Array>;
  /** the address whose signal set the slot last; undefined when none did
   *  @param slot 1..512 */
  addressOf(slot: number): Address | undefined;
}

export interface DeskLine {
  /** @param asked 512 levels
   *  @returns 512 levels for the wire, valid until the next call */
  finish(universe: number, asked: Readonly<Uint8Array>): Readonly<Uint8Array>;
  /** Universes that a change of this one changes too, itself included where it does. */
  reach(universe: number): readonly number[];
  /** Universes that have to be sent though nobody asked for a level in them: something in them is parked. */
  wanted(): readonly number[];
  leave(): void;
}

/** What a bridge hears of the world, asked for while somebody looks. */
export interface DeskInput {
  universes(): readonly number[];
  /** @returns undefined for one that nobody sends, nor did */
  heard(universe: number): HeardUniverse | undefined;
}

/** One universe as it comes in. */
export interface HeardUniverse {
  /** what the sources come to together, slot 1 first, up to 512 */
  readonly levels: Readonly<Uint8Array>;
  readonly sources: readonly HeardSource[];
  /** who drove it last, where nobody does now and its levels stay */
  readonly last?: { readonly name: string; readonly silentMs: Millis } | undefined;
  /** @param slot 1..512
   *  @returns the index in `sources` of who wins the slot; undefined where nobody sends it, and for a universe that the bridge
   *  itself sends and others beside it */
  winnerOf(slot: number): number | undefined;
}

export interface SourceName {
  /** what it calls itself, for people */
  readonly name: string;
  /** 0..200; null where the protocol knows none */
  readonly priority: number | null;
  /** its priority for each slot, slot 1 first, 0: it does not send the slot; without it `priority` counts for all */
  readonly slotPriorities?: Readonly<Uint8Array> | undefined;
}

export interface HeardSource extends SourceName {
  /** tells it from all others: its CID, or its address */
  readonly id: string;
  /** what it sends, slot 1 first, up to 512; a view */
  readonly levels: Readonly<Uint8Array>;
}
