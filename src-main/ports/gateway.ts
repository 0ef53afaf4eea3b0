import type { Address, Pattern } from '../contract/address.ts';
import type { Cancel } from '../contract/message-link.ts';
import type { Signal, Value } from '../contract/signal.ts';
import type { Micros } from '../contract/units.ts';

/** A door for clients that speak another protocol than CLASP. It is open from the moment it is given. */
export interface Gateway {
  /** where a client on this machine reaches it */
  readonly url: string;
  /** Lets go of the port and of whoever is connected, within a second. Never rejects; later calls give the same promise. */
  readonly stop: () => Promise<void>;
}

/** Who comes by a gateway. */
export interface ForeignPeer {
  /** for people, logs and limits, as connections have it: `mqtt 10.0.0.5:51332` */
  readonly from: string;
  /** what it calls itself */
  readonly name: string;
  /** what it shows: a token of any kind that CLASP sessions show; undefined for none */
  readonly token: string | undefined;
}

/** Lets a foreign client in as a session of its own: who it is, what it may do, how fast, and until when is judged as for every
 *  CLASP session, and it stands beside them in lists, figures and the audit log.
 *  @throws as a rejection: AppError 'access-refused' and its kin when it is not let in */
export type AdmitForeign = (peer: ForeignPeer) => Promise<ForeignClient>;

/** A param as it stands. */
export interface StandingParam {
  readonly value: Value;
  readonly revision: bigint;
  /** session id of who set it */
  readonly writer?: string;
  /** when the router stored it, by its clock */
  readonly setAt?: Micros;
}

/** One client of a gateway in the router. */
export interface ForeignClient {
  /** Settles when the router has it.
   *  @param expectedRevision of a param: refused with 'changed-meanwhile' where it stands at another, so always at 0; of no meaning
   *    where there is none yet
   *  @returns of a param: its revision
   *  @throws as a rejection: AppError with the router's refusal; UnavailableError 'link-closed' */
  publish(signal: Signal, expectedRevision?: bigint): Promise<bigint | undefined>;
  /** What is under the pattern as it stands, then what changes and happens there.
   *  @param run isStanding: it was there before; revision: of a param
   *  @returns settles when the router has given it, with how to end it
   *  @throws as a rejection: AppError with the router's refusal */
  subscribe(pattern: Pattern, run: (signal: Signal, isStanding: boolean, revision?: bigint) => void): Promise<Cancel>;
  /** What stands at an address; undefined for nothing. @throws as `publish` */
  get(address: Address): Promise<StandingParam | undefined>;
  /** Runs once, when the router ends its session: its token was revoked, or has expired, or its way in was shut. Not after
   *  `close`. */
  onEnded(run: (reason: string) => void): void;
  /** It goes: at once nothing reaches it any more. What it published before is done. */
  close(reason: string): void;
}
