import type { Address } from '../../contract/address.ts';
import { messageType, type AckMessage } from './messages.ts';

// `locked` says whether the lock is now with the one who asked, `holder` who has it [CLASP 4.2.2].

/** The answer to a SET that asked for the lock and has it. */
export function lockGranted(ack: AckMessage, holder: string): AckMessage {
  return { ...ack, locked: true, holder };
}

/** The answer to a SET that asked for a lock which another session holds: nothing of it was done. */
export function lockDenied(address: Address, holder: string): AckMessage {
  return { type: messageType.ack, address, locked: false, holder };
}

/** The text of the ERROR 401 of what is locked: its payload has no other place for the holder. */
export function formatLocked(holder: string): string {
  return `The param is locked by session ${holder}.`;
}

/** @returns the holder in such a text; undefined in any other */
export function tryHolder(text: string): string | undefined {
  return /^The param is locked by session (.+)\.$/.exec(text)?.[1];
}

/** Whether an ACK says that nothing was done. That of an `unlock` names no holder: there is none. */
export function isLockDenied({ locked, holder }: AckMessage): boolean {
  return locked === false && holder !== undefined;
}
