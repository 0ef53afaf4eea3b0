import { parseAddress } from '../../src-main/contract/address.ts';
import { f64, text, type Value } from '../../src-main/contract/signal.ts';
import { micros, type Micros } from '../../src-main/contract/units.ts';
import { TimelineEngine } from '../../src-main/core/timeline/timeline-engine.ts';
import type { Timeline } from '../../src-main/core/timeline/timeline.ts';

// CPU of one tick of the timeline engine with 100 timelines, without the router behind it. Run: node test/bench/timelines.ts

const rate = 60;
const rounds = 7;
const ticksPerRound = 60 * rate;
const timelines = 100;
const keyframes = 50;
const handles = [0.25, 0.1, 0.25, 1] as const;

const cases: Record<string, (n: number) => Value> = {
  'f64, cubic-bezier': (n) => f64(Math.sin(n)),
  'list of three f64': (n) => ({ type: 'array', value: [f64(n), f64(n / 2), f64(Math.sin(n))] }),
  'map of three f64': (n) => ({ type: 'map', value: ['r', 'g', 'b'].map((key, i) => [key, f64(n * i)] as const) }),
  'hex colour': (n) => text(`#${((n * 654_321) % 0xff_ffff).toString(16).padStart(6, '0')}`),
};

for (const [name, valueOf] of Object.entries(cases)) {
  const { tick, writes } = prepare(valueOf);
  const micros: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const begin = process.cpuUsage();
    for (let i = 0; i < ticksPerRound; i++) tick();
    const { user, system } = process.cpuUsage(begin);
    micros.push((user + system) / ticksPerRound);
  }
  const median = micros.toSorted((one, other) => one - other)[rounds >> 1] ?? Number.NaN;
  const share = ((median * rate) / 10_000).toFixed(2);
  const each = writes() / (rounds * ticksPerRound);
  console.log(
    `${name}: ${median.toFixed(1)} µs a tick, ${share} % of a core at ${rate} Hz, ${each.toFixed(1)} writes a tick`,
  );
}

/** 100 looping timelines of 50 keyframes, and a clock that goes to the next deadline when told. */
function prepare(valueOf: (n: number) => Value): { tick: () => void; writes: () => number } {
  let now = micros(1_700_000_000_000_000);
  let due: { deadline: Micros; run: () => void } | undefined;
  let count = 0;
  const at = (deadline: Micros, run: () => void): (() => void) => {
    due = { deadline, run };
    return () => (due = undefined);
  };
  const engine = new TimelineEngine({
    clock: { nowMicros: () => now, after: () => () => undefined, at },
    write: () => ++count > 0,
    onState: () => undefined,
    rate,
  });
  for (let n = 0; n < timelines; n++) engine.put(parseAddress(`/lamp/${n}`), timelineOf(n, valueOf));
  const tick = (): void => {
    const next = due;
    due = undefined;
    if (next) now = micros(Math.max(now, next.deadline));
    next?.run();
  };
  return { tick, writes: () => count };
}

function timelineOf(n: number, valueOf: (n: number) => Value): Timeline {
  return {
    keyframes: Array.from({ length: keyframes }, (_, i) => ({
      time: micros(i * (200_000 + n * 1000)),
      value: valueOf(n + i),
      easing: 'cubic-bezier' as const,
      bezier: handles,
    })),
    loop: true,
  };
}
