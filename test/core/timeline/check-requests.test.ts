import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../../src-main/contract/address.ts';
import { AppError } from '../../../src-main/contract/errors.ts';
import { micros } from '../../../src-main/contract/units.ts';
import { encodedSize } from '../../../src-main/core/protocol/values.ts';
import { checkRequests, type AddressedRequest } from '../../../src-main/core/timeline/check-requests.ts';
import { encodeTimeline, type TimelineRequest } from '../../../src-main/core/timeline/timeline-carrier.ts';
import { TimelineEngine } from '../../../src-main/core/timeline/timeline-engine.ts';
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

function engineWith(requests: readonly AddressedRequest[]): TimelineEngine {
  const engine = new TimelineEngine({
    clock: new SimulatedClock(),
    write: () => true,
    onState: () => undefined,
    limits: { timelinesMax: 2, bytesMax },
  });
  for (const request of requests) attempt(() => perform(engine, request));
  return engine;
}

function perform(engine: TimelineEngine, { address, request }: AddressedRequest): void {
  if (request.kind === 'put') engine.put(address, request.timeline, request.autoplay);
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
      fc.property(arbitraryRequests, arbitraryRequests, (before, requests) => {
        const engine = engineWith(before);
        const there = engine.list();
        const judged = attempt(() => engine.check(requests));
        expect(engine.list()).toEqual(there);
        expect(judged).toBe(attempt(() => requests.forEach((request) => perform(engine, request))));
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
      limits: { timelinesMax: 2, bytesMax },
      count: 0,
      bytes: 0,
      get: () => undefined,
    };
    expect(attempt(() => checkRequests(requests, there)).split(':')[0]).toBe(code);
  });
});

function put(address: string): AddressedRequest {
  return { address: parseAddress(address), request: { kind: 'put', timeline: short, autoplay: true } };
}

function command(address: string, told: Extract<TimelineRequest, { kind: 'command' }>['command']): AddressedRequest {
  return { address: parseAddress(address), request: { kind: 'command', command: told } };
}
