import { simulateSync, type SyncLook, type SyncScenario } from '../core/clock/simulated-sync.ts';
import { syncScenarios } from '../core/clock/sync-scenarios.ts';

/** How near clients come to a server's time, on simulated networks, with the same figures each time:
 *  `node test/bench/clock-accuracy.ts`. The first ten seconds, and the time from a step to the next answer, are left out. */
const clients = 100;
const settledAfterSeconds = 10;

for (const scenario of syncScenarios) process.stdout.write(`${reportOn(scenario)}\n`);

function reportOn(scenario: SyncScenario): string {
  const runs = Array.from({ length: clients }, (_, client) => simulateSync(scenario, client + 1));
  const looks = runs.flatMap((run) => run.looks).filter((look) => look.second >= settledAfterSeconds && !look.isBlind);
  const errors = sorted(looks, (look) => Math.abs(look.error));
  const bounds = sorted(looks, (look) => look.errorBound);
  const beyond = looks.filter((look) => Math.abs(look.error) > look.errorBound).length;
  const stepped = runs.reduce((sum, { filter }) => sum + filter.counters.stepped, 0);
  const samples = runs.reduce((sum, { filter }) => sum + filter.counters.kept, 0);
  return [
    `${scenario.name}: ${clients} clients, ${samples} samples, ${stepped} steps seen`,
    `  true error  p50 ${ms(errors, 0.5)}  p95 ${ms(errors, 0.95)}  max ${ms(errors, 1)}`,
    `  error bound p50 ${ms(bounds, 0.5)}  p95 ${ms(bounds, 0.95)}  max ${ms(bounds, 1)}; exceeded ${beyond} times`,
  ].join('\n');
}

function sorted(looks: readonly SyncLook[], figure: (look: SyncLook) => number): number[] {
  return looks.map(figure).sort((a, b) => a - b);
}

function ms(values: readonly number[], share: number): string {
  const value = values[Math.min(values.length - 1, Math.floor(share * values.length))] ?? NaN;
  return `${(value / 1000).toFixed(3)} ms`;
}
