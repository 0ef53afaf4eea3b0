import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../../src-main/contract/address.ts';
import { AppError } from '../../../src-main/contract/errors.ts';
import { micros } from '../../../src-main/contract/units.ts';
import { encodedSize } from '../../../src-main/core/protocol/values.ts';
import { checkRequests, type AddressedRequest } from '../../../src-main/core/timeline/check-requests.ts';
import { encodeTimeline, type TimelineRequest } from '../../../src-main/core/timeline/timeline-carrier.ts';
import { TimelineEngine } from '../../../src-main/core/timeline/timeline-engine.ts';
import {
  nothing,
  timelineEngineLimits,
  type TimelineEngineLimits,
  type TimelineShare,
} from '../../../src-main/core/timeline/timeline-room.ts';
import { SimulatedClock } from '../../simulated-clock.ts';
import { line } from './arbitrary-timeline.ts';

const short = line([[0, 0], [100, 1]]); // prettier-ignore
const [single, long] = [line([[0, 1]]), line(Array.from({ length: 20 }, (_, i) => [i * 20, i]))]; // prettier-ignore
const bytesMax = encodedSize(encodeTimeline(long)) + encodedSize(encodeTimeline(short));

const arbitraryRequest: fc.Arbitrary<TimelineRequest> = fc.oneof(
  fc
    .record({ timeline: fc.constantFrom(short, long, single), autoplay: fc.boolean() })
    .map((put): TimelineRequest => ({ kind: 'put', ...put })),
  fc
    .constantFrom(
      { command: 'play' as const, position: micros(50_000) },
      { command: 'pause' as const },
      { command: 'seek' as const, position: micros(200_000) },
      { command: 'rate' as const, rate: 2 },
      { command: 'rate' as const, rate: 1000 },
      { command: 'loop' as const, loop: true },
      { command: 'remove' as const },
    )
    .map((command): TimelineRequest => ({ kind: 'command', command })),
);
const arbitraryRequests: fc.Arbitrary<AddressedRequest[]> = fc.array(
  fc.record({ address: fc.constantFrom('/a', '/b', '/c').map(parseAddress), request: arbitraryRequest }),
  { maxLength: 12 },
);

const limits: TimelineEngineLimits = {
  timelinesMax: 2,
  bytesMax,
  perClient: { timelines: 1, points: 1000, bytes: bytesMax },
  work: timelineEngineLimits.work,
};

function engineWith(requests: readonly AddressedRequest[], shares?: readonly TimelineShare[]): TimelineEngine {
  const engine = new TimelineEngine({
    clock: new SimulatedClock(),
    write: () => true,
    onState: () => undefined,
    limits,
  });
  for (const [i, request] of requests.entries()) attempt(() => perform(engine, request, shares?.[i % 2]));
  return engine;
}

function perform(engine: TimelineEngine, { address, request }: AddressedRequest, share?: TimelineShare): void {
  if (request.kind === 'put') engine.put(address, request.timeline, { autoplay: request.autoplay, share });
  else engine.command(address, request.command);
}

/** @returns what the first refusal says, or 'done' */
function attempt(run: () => void): string {
  try {
    run();
    return 'done';
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return `${error.code}: ${error.message}`;
  }
}

describe('requests that are to be done together', () => {
  it('[TL13] are judged as they would go one after the other, and none is done', () => {
    fc.assert(
      fc.property(arbitraryRequests, arbitraryRequests, fc.boolean(), (before, requests, isOfClients) => {
        const shares: TimelineShare[] = [{ amount: nothing }, { amount: nothing }];
        const engine = engineWith(before, isOfClients ? shares : undefined);
        const own = isOfClients ? shares[0] : undefined;
        const [there, amounts] = [engine.list(), shares.map(({ amount }) => amount)];
        const judged = attempt(() => engine.check(requests, own));
        expect([engine.list(), shares.map(({ amount }) => amount)]).toEqual([there, amounts]);
        expect(judged).toBe(attempt(() => requests.forEach((request) => perform(engine, request, own))));
        engine.clear();
        expect(shares.map(({ amount }) => amount)).toEqual([nothing, nothing]);
      }),
      { numRuns: 500 },
    );
  });

  it.each<[string, readonly AddressedRequest[]]>([
    ['bad-timeline', [put('/a'), command('/a', { command: 'seek', position: micros(100_001) })]],
    ['unknown-id', [put('/a'), command('/a', { command: 'remove' }), command('/a', { command: 'pause' })]],
    ['too-many-timelines', [put('/a'), put('/b'), put('/a'), put('/c')]],
    ['done', [put('/a'), put('/b'), command('/a', { command: 'remove' }), put('/c')]],
  ])('[TL13] such as %s', (code, requests) => {
    const there = {
      now: micros(0),
      limits,
      amount: nothing,
      get: () => undefined,
    };
    expect(attempt(() => checkRequests(requests, there, undefined)).split(':')[0]).toBe(code);
  });
});

function put(address: string): AddressedRequest {
  return { address: parseAddress(address), request: { kind: 'put', timeline: short, autoplay: true } };
}

function command(address: string, told: Extract<TimelineRequest, { kind: 'command' }>['command']): AddressedRequest {
  return { address: parseAddress(address), request: { kind: 'command', command: told } };
}
