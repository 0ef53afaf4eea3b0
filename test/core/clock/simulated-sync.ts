import type { Cancel } from '../../../src-main/contract/message-link.ts';
import { micros, millis, type Micros } from '../../../src-main/contract/units.ts';
import { createOffsetFilter, type OffsetFilter } from '../../../src-main/core/clock/offset-filter.ts';
import { nextSyncAt } from '../../../src-main/core/clock/sync-schedule.ts';
import { seededChance, type Chance } from '../../seeded-chance.ts';
import { SimulatedClock } from '../../simulated-clock.ts';

/** One network and the clocks at its ends. Times in microseconds. */
export interface SyncScenario {
  readonly name: string;
  readonly seconds: number;
  /** round trip of an empty network, drawn once for each client */
  readonly base: readonly [least: number, most: number];
  /** how much more than half of it one way can take; 0.1 is 60 to 40 */
  readonly lopsided: number;
  /** what one message waits on top of it */
  readonly jitter: (chance: Chance, way: 'there' | 'back') => number;
  /** share of SYNCs that are never answered */
  readonly loss: number;
  /** each client draws its drift from ± this */
  readonly driftPpm: number;
  /** the drift swings by ± this in ten minutes */
  readonly wanderPpm: number;
  /** jumps of the server's or the client's clock, by true time */
  readonly steps: readonly { readonly atSecond: number; readonly clock: 'server' | 'local'; readonly by: number }[];
}

/** One look at the estimate. */
export interface SyncLook {
  readonly second: number;
  /** estimated minus true offset, microseconds */
  readonly error: number;
  readonly errorBound: number;
  readonly quality: number;
  /** no answer has come since the last step */
  readonly isBlind: boolean;
}

export interface SyncRun {
  readonly looks: readonly SyncLook[];
  readonly filter: OffsetFilter;
}

const epoch = micros(1_700_000_000_000_000);

/** One client that keeps its clock by a server over a seeded network, looked at every half second. */
export function simulateSync(scenario: SyncScenario, seed: number): SyncRun {
  const chance = seededChance(seed);
  const world = new SimulatedClock(epoch);
  const clocks = createClocks(scenario, chance);
  const filter = createOffsetFilter();
  const way = createPath(scenario, chance);
  const looks: SyncLook[] = [];
  let history = { sent: 0, lastAt: clocks.local(epoch) };
  let blindUntilAnswer = false;
  let cancel: Cancel = () => undefined;

  const plan = (): void => {
    cancel();
    const quality = filter.estimate(clocks.local(world.nowMicros()))?.quality;
    const wait = nextSyncAt({ ...history, quality }) - clocks.local(world.nowMicros());
    cancel = world.after(millis(Math.max(0, wait) / 1000), send);
  };
  const send = (): void => {
    const t1 = clocks.local(world.nowMicros());
    history = { sent: history.sent + 1, lastAt: t1 };
    if (chance() >= scenario.loss) world.after(way('there'), () => answer(t1));
    plan();
  };
  const answer = (t1: Micros): void => {
    const t2 = BigInt(clocks.server(world.nowMicros()));
    world.after(millis(0.02 + 0.1 * chance()), () => {
      const t3 = BigInt(clocks.server(world.nowMicros()));
      world.after(way('back'), () => {
        const fate = filter.add({ t1, t2, t3, t4: clocks.local(world.nowMicros()) });
        if (fate === 'kept' || fate === 'stepped') blindUntilAnswer = false;
        if (fate === 'stepped') history = { sent: 0, lastAt: clocks.local(world.nowMicros()) };
        plan();
      });
    });
  };
  for (const step of scenario.steps) world.after(millis(step.atSecond * 1000), () => (blindUntilAnswer = true));
  plan();
  for (let second = 0.5; second <= scenario.seconds; second += 0.5) {
    world.advance(500);
    const now = world.nowMicros();
    const estimate = filter.estimate(clocks.local(now));
    if (!estimate) continue;
    const error = estimate.offset - (clocks.server(now) - clocks.local(now));
    const { errorBound, quality } = estimate;
    looks.push({ second, error, errorBound, quality, isBlind: blindUntilAnswer });
  }
  return { looks, filter };
}

interface Clocks {
  readonly server: (now: Micros) => Micros;
  readonly local: (now: Micros) => Micros;
}

function createClocks({ driftPpm, wanderPpm, steps }: SyncScenario, chance: Chance): Clocks {
  const drift = ((2 * chance() - 1) * driftPpm) / 1e6;
  const phase = 2 * Math.PI * chance();
  const start = Math.trunc((chance() - 0.5) * 1e12);
  const swing = (2 * Math.PI) / 600e6;
  const stepped = (clock: 'server' | 'local', elapsed: number): number =>
    steps.filter((step) => step.clock === clock && step.atSecond * 1e6 <= elapsed).reduce((sum, { by }) => sum + by, 0);
  return {
    server: (now) => micros(now + stepped('server', now - epoch)),
    local: (now) => {
      const elapsed = now - epoch;
      const wandered = ((wanderPpm / 1e6) * (Math.cos(phase) - Math.cos(phase + swing * elapsed))) / swing;
      return micros(now + start + drift * elapsed + wandered + stepped('local', elapsed));
    },
  };
}

function createPath(
  { base, lopsided, jitter }: SyncScenario,
  chance: Chance,
): (way: 'there' | 'back') => ReturnType<typeof millis> {
  const roundTrip = base[0] + chance() * (base[1] - base[0]);
  const share = 0.5 + (2 * chance() - 1) * lopsided;
  return (way) => millis((roundTrip * (way === 'there' ? share : 1 - share) + jitter(chance, way)) / 1000);
}
