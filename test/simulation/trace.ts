import type { Observation } from './observation.ts';

/** One observation as a line: what is the same in two runs has the same lines. The frequent ones are short. */
export function traceLine(seen: Observation): string {
  if (seen.what === 'heard' || seen.what === 'heard of the past') {
    const { what, who, session, watch, kind, address, token, revision, isSnapshot } = seen;
    return `${what} ${who} ${session} ${watch.number} ${kind} ${address} ${token} ${revision} ${isSnapshot}`;
  }
  if (seen.what === 'accepted') {
    const { life, order, at, session, kind, address, token, revision, locks } = seen.accepted;
    return `accepted ${life} ${order} ${at} ${session} ${kind} ${address} ${token} ${revision} ${locks}`;
  }
  if (seen.what === 'left the router') {
    const { who, session, at, kind, address, phase } = seen;
    return `left ${who} ${session} ${at} ${kind} ${address} ${phase}`;
  }
  return JSON.stringify(seen, (_key, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value));
}
