import type { Address } from '../../../contract/address.ts';
import { AppError, InputError, LimitError, type ErrorCode } from '../../../contract/errors.ts';

/** Numbers of ERROR. Those from 400 on that old routers borrowed from HTTP are kept. @see CLASP-WIRE §11 */
export const errorNumber = {
  invalidFrame: 100,
  invalidMessage: 101,
  unsupportedVersion: 102,
  invalidAddress: 200,
  addressNotFound: 201,
  badPattern: 202,
  /** no token, or one that opens nothing; the session ends */
  unauthorized: 300,
  /** the scopes of its token do not reach so far */
  outOfScope: 301,
  /** the session ends */
  tokenExpired: 302,
  revisionConflict: 400,
  lockHeld: 401,
  invalidValue: 402,
  /** it is for another session to say */
  forbidden: 403,
  /** no session has the id that a peer-to-peer signal is for */
  notFound: 404,
  limitReached: 429,
  internal: 500,
  unavailable: 501,
  /** a BUNDLE for a time that was not done: it came too late, or was cancelled */
  missed: 502,
  overloaded: 503,
} as const;
export type ErrorNumber = (typeof errorNumber)[keyof typeof errorNumber];

/** Why a message was refused. It goes to the sender as ERROR, and nothing has changed. */
export interface Refusal {
  readonly code: ErrorNumber;
  /** for the person at the other end: what is wrong and what was expected */
  readonly message: string;
  readonly address?: string;
}

/** @param address as it came; the ERROR gives it back */
export function badAddress(address: string): Refusal {
  const message = 'An address is like /desk/fader/1: it starts with /, has no empty parts and no *.';
  return { code: errorNumber.invalidAddress, message, address };
}

/** @param pattern as it came; the ERROR gives it back */
export function badPattern(pattern: string): Refusal {
  const message = 'A pattern starts with /; * stands for one part, ** alone between slashes for any number of them.';
  return { code: errorNumber.badPattern, message, address: pattern };
}

/** What goes wrong while a message is done, as against while it is read. */
export function refusalOfRequest(error: unknown): Refusal {
  if (error instanceof LimitError) return { code: errorNumber.limitReached, message: error.message };
  if (error instanceof InputError) return { code: errorNumber.invalidValue, message: error.message };
  return refusalOf(error);
}

/** What goes wrong while a message is read; anything but an AppError is a fault of ours, which nobody else is told of. */
export function refusalOf(error: unknown): Refusal {
  if (!(error instanceof AppError))
    return { code: errorNumber.internal, message: 'The router failed on this message.' };
  const isFrame = error.code === 'bad-frame' || error.code === 'bad-length' || error instanceof LimitError;
  return { code: isFrame ? errorNumber.invalidFrame : errorNumber.invalidMessage, message: error.message };
}

/** Why a timeline, or what it would set, cannot be.
 *  @throws what is no AppError */
export function refusalOfTimeline(error: unknown, address: Address | undefined): Refusal {
  if (!(error instanceof AppError)) throw error;
  return { code: numberOf(error.code), message: error.message, ...(address !== undefined && { address }) };
}

function numberOf(code: ErrorCode): ErrorNumber {
  if (code === 'too-many-timelines') return errorNumber.limitReached;
  return code === 'unknown-id' ? errorNumber.addressNotFound : errorNumber.invalidValue;
}
