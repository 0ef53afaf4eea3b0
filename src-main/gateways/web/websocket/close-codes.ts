import { problemOf } from '../problem.ts';

/** Why a connection ends, as its client is told. [RFC 6455, 7.4] From 4000 on they are ours, made of what HTTP would say. */
export const closeCode = {
  /** the door is shut */
  goingAway: 1001,
  /** it sent nothing but nonsense */
  nonsense: 4400,
  /** no token, a wrong one, or one that is over */
  noToken: 4401,
  /** it may not come in here */
  notAllowed: 4403,
  /** it asked for nothing, and nobody comes in here without a token */
  silent: 4408,
  /** there is no room now */
  later: 1013,
  inside: 1011,
} as const;

const reasonBytesMax = 123;

/** For who is not let in. */
export function refusalOf(error: unknown): { readonly code: number; readonly reason: string } {
  const { status, detail } = problemOf(error);
  if (status === 401) return { code: closeCode.noToken, reason: detail };
  if (status === 429 || status === 503) return { code: closeCode.later, reason: detail };
  return { code: status >= 500 ? closeCode.inside : closeCode.notAllowed, reason: detail };
}

/** For whose session the router ended. @param reason in its words */
export function endOf(reason: string): { readonly code: number; readonly reason: string } {
  return { code: /token/i.test(reason) ? closeCode.noToken : closeCode.notAllowed, reason };
}

/** As much of a reason as a close frame holds. [RFC 6455, 5.5] */
export function closeReason(reason: string): string {
  let short = reason;
  while (Buffer.byteLength(short) > reasonBytesMax) short = short.slice(0, -1);
  return short;
}
