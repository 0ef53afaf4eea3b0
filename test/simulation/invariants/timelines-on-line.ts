import { decodeTimelineRequest } from '../../../src-main/core/timeline/timeline-carrier.ts';
import { tryNumber } from '../../../src-main/contract/signal.ts';
import type { Accepted } from '../observation.ts';
import type { Complain, Invariant } from './invariant.ts';

interface Line {
  readonly startedAt: number;
  readonly lastsMicros: number;
  latest: number;
}

/** The straight lines of the actors are followed: each value lies where its instant is, and the last one is the end. */
export function timelinesOnLine(complain: Complain, isJumpy: () => boolean): Invariant {
  let lines = new Map<string, Line>();
  return {
    see: (seen) => {
      if (seen.what === 'began') lines = new Map();
      if (seen.what === 'accepted' && seen.accepted.address.startsWith('/t/')) follow(seen.accepted);
    },
    rest: () => {
      for (const [address, { latest }] of lines)
        if (latest !== 1000) complain(`the timeline at ${address} ended at ${latest}`);
    },
  };

  function follow(accepted: Accepted): void {
    const { kind, address, value, at, session } = accepted;
    if (kind === 'timeline') {
      const request = value && decodeTimelineRequest(value);
      const end = request?.kind === 'put' ? request.timeline.keyframes.at(-1)?.time : undefined;
      if (end !== undefined) lines.set(address, { startedAt: at, lastsMicros: end, latest: NaN });
      else lines.delete(address);
    } else if (kind === 'param') {
      const line = lines.get(address);
      // Somebody else may write there too.
      if (!line || session !== 'timelines') return;
      line.latest = (value && tryNumber(value)) ?? NaN;
      const expected = Math.min(1000, (1000 * (at - line.startedAt)) / line.lastsMicros);
      if (!isJumpy() && Math.abs(line.latest - expected) > 0.01)
        complain(`the timeline at ${address} is at ${line.latest}, ${expected} was expected`);
    }
  }
}
