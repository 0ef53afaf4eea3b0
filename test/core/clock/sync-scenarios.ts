import type { Chance } from '../../seeded-chance.ts';
import type { SyncScenario } from './simulated-sync.ts';

/** A switch and its cables: short waits, now and then a long one behind somebody's file copy. */
export const lan: SyncScenario = {
  name: 'LAN',
  seconds: 600,
  base: [200, 500],
  lopsided: 0.1,
  jitter: (chance) => exponential(chance, 40) + (chance() < 0.02 ? 5000 * chance() : 0),
  loss: 0,
  driftPpm: 50,
  wanderPpm: 0.5,
  steps: [],
};

/** A shared radio: long tails, worse towards a client that sleeps between beacons. */
export const wifi: SyncScenario = {
  ...lan,
  name: 'Wi-Fi',
  base: [2000, 8000],
  lopsided: 0.1,
  jitter: (chance, way) => Math.min(50_000, pareto(chance, way === 'there' ? 300 : 1200)),
  loss: 0.02,
};

export const stepsOfBothClocks: SyncScenario['steps'] = [
  { atSecond: 200, clock: 'server', by: 250_000 },
  { atSecond: 400, clock: 'local', by: 40_000 },
];

export const syncScenarios: readonly SyncScenario[] = [
  { ...lan, driftPpm: 0, wanderPpm: 0, name: 'LAN, equal clocks' },
  lan,
  { ...lan, name: 'LAN, clocks that step', steps: stepsOfBothClocks },
  wifi,
  { ...wifi, name: 'Wi-Fi, clocks that step', steps: stepsOfBothClocks },
];

function exponential(chance: Chance, mean: number): number {
  return -mean * Math.log(1 - chance());
}

/** Half of all are below 0.6 of `scale`, one in a hundred above 20 of it. */
function pareto(chance: Chance, scale: number): number {
  return scale * ((1 - chance()) ** (-1 / 1.5) - 1);
}
