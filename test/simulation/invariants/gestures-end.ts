import type { Accepted, Departure } from '../observation.ts';
import { Pace } from './pace.ts';
import type { Complain, Invariant } from './invariant.ts';

const movesPerSecond = 60;

/** Each gesture that began ends in the same life, by its owner or by a cancel, which comes when the owner leaves; no session is given more than 60 moves a
 *  second of one finger. */
export function gesturesEnd(complain: Complain, isHere: (session: string) => boolean): Invariant {
  let open = new Map<string, Accepted>();
  /** when a session was first seen to be gone */
  const goneSince = new Map<string, number>();
  const pace = new Pace();
  /** when a move came too early, of each finger */
  const hasty = new Map<string, number>();
  return {
    see: (seen) => {
      if (seen.what === 'began') open = new Map();
      if (seen.what === 'accepted') findLeft(seen.accepted.at);
      if (seen.what === 'accepted' && seen.accepted.kind === 'gesture') follow(seen.accepted);
      if (seen.what === 'left the router' && seen.kind === 'gesture') left(seen);
    },
    rest: () => {
      for (const { address, finger, token } of open.values())
        complain(`the gesture ${String(finger)} at ${address} never ended after ${String(token)}`);
    },
  };

  /** All fingers of one who leaves are cancelled in the same instant. */
  function findLeft(now: number): void {
    for (const gesture of open.values()) {
      if (isHere(gesture.session)) continue;
      const since = goneSince.get(gesture.session) ?? now;
      goneSince.set(gesture.session, since);
      if (since < now)
        complain(`the gesture ${String(gesture.finger)} at ${gesture.address} goes on without its owner`);
    }
  }

  function follow(accepted: Accepted): void {
    // One without an id is finger 0.
    const key = `${accepted.address} ${accepted.finger ?? 0}`;
    const isOver = accepted.phase === 'end' || accepted.phase === 'cancel';
    if (isOver) open.delete(key);
    else open.set(key, accepted);
  }

  function left({ who, session, address, finger, phase, at }: Departure): void {
    const key = `${session} ${address} ${finger ?? 0}`;
    const early = hasty.get(key);
    hasty.delete(key);
    // On a link that turns frames around, a start may come late.
    const isOver = phase !== 'move';
    // The last position does not wait when the end is there.
    if (early !== undefined && !(isOver && early === at))
      complain(`actor ${who} was given moves of ${String(finger)} at ${address} faster than ${movesPerSecond} Hz`);
    if (isOver) pace.forget(key);
    else if (!pace.isKept(key, at, movesPerSecond)) hasty.set(key, at);
  }
}
