import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../../src-main/contract/address.ts';
import { AppError } from '../../../src-main/contract/errors.ts';
import { easings } from '../../../src-main/contract/show.ts';
import { f64, toJson } from '../../../src-main/contract/signal.ts';
import { micros, type Micros } from '../../../src-main/contract/units.ts';
import type { TimelineCommand } from '../../../src-main/core/timeline/timeline-command.ts';
import { TimelineEngine } from '../../../src-main/core/timeline/timeline-engine.ts';
import type { Keyframe, Timeline } from '../../../src-main/core/timeline/timeline.ts';
import { SimulatedClock } from '../../simulated-clock.ts';
import { NaiveEngine } from './naive-engine.ts';

type Step = { readonly gap: number; readonly address: string } & (
  | { readonly put: Timeline; readonly startIn?: number; readonly autoplay: boolean }
  | { readonly command: TimelineCommand }
  | { readonly lock: boolean }
);

const start = 1_700_000_000_123_456;
const time = fc.nat({ max: 400_000 }).map((value) => value as Micros);
const keyframe: fc.Arbitrary<Keyframe> = fc.record({
  time,
  value: fc.integer({ min: 0, max: 3 }).map((value) => f64(value)),
  easing: fc.constantFrom(...easings),
});
const timeline: fc.Arbitrary<Timeline> = fc
  .record({ keyframes: fc.array(keyframe, { minLength: 1, maxLength: 4 }), loop: fc.boolean(), extra: time })
  .map(({ keyframes, loop, extra }) => {
    const sorted = keyframes.toSorted((one, other) => one.time - other.time);
    const duration = ((sorted.at(-1)?.time ?? 0) + extra) as Micros;
    return { keyframes: sorted, duration, loop: loop && duration > 0 };
  });
// Whole 64ths, with which a double counts exactly.
const rate = fc.constantFrom(1 / 64, 0.25, 0.5, 1, 1.5, 2, 64);
const loop = fc.boolean();
const command: fc.Arbitrary<TimelineCommand> = fc.oneof(
  fc.record({ command: fc.constant('play' as const), position: time, rate, loop }, { requiredKeys: ['command'] }),
  fc.record({ command: fc.constantFrom('pause' as const, 'resume' as const, 'stop' as const, 'play' as const) }),
  fc.record({ command: fc.constant('seek' as const), position: time }),
  fc.record({ command: fc.constant('rate' as const), rate }),
  fc.record({ command: fc.constant('loop' as const), loop }),
  fc.constant({ command: 'remove' as const }),
);
const common = { gap: fc.oneof(fc.constant(0), fc.nat({ max: 250_000 })), address: fc.constantFrom('/a', '/b', '/c') };
const startIn = fc.integer({ min: -300_000, max: 300_000 });
const script: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    { weight: 2, arbitrary: fc.record({ ...common, put: timeline, startIn, autoplay: fc.boolean() }, { requiredKeys: ['gap', 'address', 'put', 'autoplay'] }) }, // prettier-ignore
    { weight: 5, arbitrary: fc.record({ ...common, command }) },
    { weight: 1, arbitrary: fc.record({ ...common, lock: fc.boolean() }) },
  ),
  { minLength: 1, maxLength: 25 },
);

/** Which of several addresses comes first at one instant is not promised. */
function byAddress(log: readonly string[]): string[] {
  const key = (line: string): string => line.split(' ', 2).join(' ');
  return log.toSorted((one, other) => (key(one) < key(other) ? -1 : key(one) > key(other) ? 1 : 0));
}

/** What the engine wrote and told, in the form of `NaiveEngine.log`. */
function play(steps: readonly Step[], rateHz: number): string[] {
  const clock = new SimulatedClock(start);
  const log: string[] = [];
  const locked = new Set<string>();
  const engine = new TimelineEngine({
    clock,
    rate: rateHz,
    write: (address, value) => {
      log.push(`${clock.nowMicros()} ${address} ${String(toJson(value))} ${!locked.has(address)}`);
      return !locked.has(address);
    },
    onState: (address, report) => {
      const told = report ? `${report.status.state} ${report.status.position}` : 'removed';
      log.push(`${clock.nowMicros()} ${address} ${told}`);
    },
  });
  for (const step of steps) {
    clock.advance(step.gap / 1000);
    const address = parseAddress(step.address);
    if ('lock' in step) setLock(locked, step.address, step.lock);
    else if ('put' in step)
      engine.put(address, timed(step.put, step.startIn, clock.nowMicros()), { autoplay: step.autoplay });
    else tolerate(() => engine.command(address, step.command));
  }
  clock.advance(2000);
  const moving = engine.list().some(([, { status }]) => status.state === 'playing' || status.state === 'waiting');
  expect(clock.waiting).toBe(moving ? 1 : 0);
  return log;
}

function playNaively(steps: readonly Step[], rateHz: number): string[] {
  const engine = new NaiveEngine(start, rateHz);
  let now = start;
  for (const step of steps) {
    now += step.gap;
    engine.advance(now);
    if ('lock' in step) setLock(engine.locked, step.address, step.lock);
    else if ('put' in step) engine.put(step.address, timed(step.put, step.startIn, micros(now)), step.autoplay);
    else engine.command(step.address, step.command);
  }
  engine.advance(now + 2_000_000);
  return engine.log;
}

function timed(timeline: Timeline, startIn: number | undefined, now: Micros): Timeline {
  return startIn === undefined ? timeline : { ...timeline, startTime: micros(now + startIn) };
}

function setLock(locked: Set<string>, address: string, isLocked: boolean): void {
  if (isLocked) locked.add(address);
  else locked.delete(address);
}

function tolerate(run: () => void): void {
  try {
    run();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
  }
}

describe('the timeline engine beside a naive one', () => {
  it('[TL70] writes and tells the same, at the same instants, whatever it is told', () => {
    fc.assert(
      fc.property(script, fc.integer({ min: 1, max: 240 }), (steps, rateHz) => {
        expect(byAddress(play(steps, rateHz))).toEqual(byAddress(playNaively(steps, rateHz)));
      }),
      { numRuns: 300 },
    );
  });

  it('[TL70] writes and tells the same when the same script runs again', () => {
    fc.assert(
      fc.property(script, (steps) => {
        expect(play(steps, 60)).toEqual(play(steps, 60));
      }),
      { numRuns: 30 },
    );
  });
});
