import { parseAddress } from '../../contract/address.ts';

// Peers that want a connection of their own find each other through the router [CLASP-WIRE §15].

/** A PUBLISH there goes to all its subscribers: who can be connected to. */
export const p2pAnnounceAddress = parseAddress('/clasp/p2p/announce');
const signalPrefix = '/clasp/p2p/signal/';
/** The router's own id among those of sessions. */
export const routerSignalId = 'router';

/** Where a PUBLISH goes to one session alone. @param id of a session, or `routerSignalId` */
export function signalAddress(id: string): string {
  return signalPrefix + id;
}

/** Whom a PUBLISH there is for; undefined where it is for its subscribers. */
export function signalTarget(address: string): string | undefined {
  return address.startsWith(signalPrefix) ? address.slice(signalPrefix.length) : undefined;
}
