import { oneOf, seededChance, wholeNumber, type Chance } from '../seeded-chance.ts';
import { acts } from './acts.ts';
import { mishaps } from './mishaps.ts';
import type { ActorPlan, LinkPlan, Role, Scenario, Step, WatchPlan } from './scenario.ts';

const lastStepMs = 12_000;
const actNames = Object.keys(acts);
const mishapNames = Object.keys(mishaps);

/** The same seed always gives the same scenario. */
export function makeScenario(seed: number): Scenario {
  const chance = seededChance(seed);
  const actors = [
    ...Array.from({ length: wholeNumber(chance, 2, 3) }, () => writer(chance)),
    ...Array.from({ length: wholeNumber(chance, 2, 3) }, () => watcher(chance)),
    ...(chance() < 0.5 ? [plan('old', chance, [])] : []),
    ...(chance() < 0.4 ? [plan('vandal', chance, [])] : []),
  ].map((actor, index): ActorPlan => ({ ...actor, who: index + 1 }));
  const acting = actors.filter(({ role, watches }, index) => index < 2 || role !== 'client' || watches.length === 0);
  const steps = [
    ...Array.from({ length: wholeNumber(chance, 60, 140) }, () => step(chance, oneOf(chance, acting), actNames)),
    ...Array.from({ length: wholeNumber(chance, 0, 8) }, () => step(chance, oneOf(chance, actors), mishapNames)),
  ].sort((one, other) => one.atMs - other.atMs);
  return { seed, journal: oneOf(chance, ['state', 'full'] as const), actors, steps };
}

function step(chance: Chance, { who }: ActorPlan, names: readonly string[]): Step {
  const atMs = wholeNumber(chance, 0, lastStepMs);
  return { atMs, who, does: oneOf(chance, names), seed: Math.floor(chance() * 2 ** 32) };
}

function writer(chance: Chance): Omit<ActorPlan, 'who'> {
  return plan('client', chance, chance() < 0.3 ? [{ pattern: '/**' }] : []);
}

function watcher(chance: Chance): Omit<ActorPlan, 'who'> {
  const wishes: WatchPlan[][] = [
    [{ pattern: '/**' }],
    [{ pattern: '/p/**' }, { pattern: '/e/**' }],
    [{ pattern: '/**', maxRate: wholeNumber(chance, 1, 40) }],
    [{ pattern: '/p/*', epsilon: wholeNumber(chance, 0, 3) }],
    [{ pattern: '/**', history: wholeNumber(chance, 1, 60) }],
    [{ pattern: '/**', window: wholeNumber(chance, 1, 8000) }],
    [{ pattern: '/e/**', window: 5000, history: wholeNumber(chance, 1, 60) }],
    [{ pattern: '/p/**', maxRate: 5 }, { pattern: '/p/1', epsilon: 2 }, { pattern: '/e/**' }],
  ];
  return plan('client', chance, oneOf(chance, wishes));
}

/** Who watches does so over a link that keeps order: the others promise nothing. */
function plan(role: Role, chance: Chance, watches: readonly WatchPlan[]): Omit<ActorPlan, 'who'> {
  const isDatagram = role === 'client' && watches.length === 0 && chance() < 0.35;
  const link: LinkPlan = {
    kind: isDatagram ? 'datagram' : 'stream',
    framing: oneOf(chance, ['none', 'length32'] as const),
    latencyMs: oneOf(chance, [0.1, 1, 5, 40]),
    jitterMs: oneOf(chance, [0, 1, 20]),
    loss: oneOf(chance, [0, 0.05, 0.3]),
    repeat: oneOf(chance, [0, 0.05, 0.3]),
    queueBytesMax: oneOf(chance, [2048, 16_384, 262_144]),
  };
  return { role, link, watches };
}
