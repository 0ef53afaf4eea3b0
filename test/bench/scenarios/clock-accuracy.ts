import { simulateSync, type SyncLook } from '../../core/clock/simulated-sync.ts';
import { syncScenarios } from '../../core/clock/sync-scenarios.ts';
import type { Bench, Case, Figures, Scenario } from '../runner/scenario.ts';

const clients = 100;
/** left out at the beginning, and the time from a step to the next answer */
const settledAfterSeconds = 10;

/** How near clients come to a server's time on simulated networks; the same figures each time. */
export const clockAccuracy: Scenario = {
  name: 'clock-accuracy',
  title: `${clients} clients that follow a server's clock for ten minutes over simulated networks, with jitter, drift and steps.`,
  targets: ['none'],
  cases: syncScenarios.map(({ name }) => ({ network: name })),
  quickCases: [{ network: 'LAN' }],
  shows: ['p50Millis', 'p95Millis', 'maxMillis', 'boundExceeded'],
  seconds: 1,
  rounds: 1,
  measure,
};

async function measure(_bench: Bench, one: Case): Promise<Figures> {
  const scenario = syncScenarios.find(({ name }) => name === one['network']);
  if (!scenario) throw new Error('There is no such network.');
  const looks = Array.from({ length: clients }, (_, client) => simulateSync(scenario, client + 1))
    .flatMap((run) => run.looks)
    .filter(({ second, isBlind }) => second >= settledAfterSeconds && !isBlind);
  const errors = sorted(looks, ({ error }) => Math.abs(error));
  const bounds = sorted(looks, ({ errorBound }) => errorBound);
  return {
    p50Millis: millisAt(errors, 0.5),
    p95Millis: millisAt(errors, 0.95),
    maxMillis: millisAt(errors, 1),
    boundP50Millis: millisAt(bounds, 0.5),
    boundP95Millis: millisAt(bounds, 0.95),
    boundExceeded: looks.filter(({ error, errorBound }) => Math.abs(error) > errorBound).length,
  };
}

function sorted(looks: readonly SyncLook[], figure: (look: SyncLook) => number): readonly number[] {
  return looks.map(figure).sort((a, b) => a - b);
}

/** @param values microseconds, rising @param part 0..1 of them */
function millisAt(values: readonly number[], part: number): number {
  return (values[Math.min(values.length - 1, Math.floor(part * values.length))] ?? Number.NaN) / 1000;
}
