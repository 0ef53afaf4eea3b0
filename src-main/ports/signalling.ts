import type { Value } from '../contract/signal.ts';

/** Carries what two peers tell each other before they have a connection of their own. */
export interface Signalling {
  /** Takes part under an id.
   *  @param run gets what sessions signal to it, one at a time, with the id of who did; must not throw
   *  @throws UnavailableError 'cannot-open-port' when somebody has the id */
  open(id: string, run: (from: string, value: Value) => void): SignalLine;
}

export interface SignalLine {
  /** @returns false when there is no such session, or no more */
  send(to: string, value: Value): boolean;
  /** Tells all who subscribed who can be connected to. */
  announce(value: Value): void;
  /** Runs whenever a session tells who it is. */
  onAnnounce(run: () => void): void;
  close(): void;
}
