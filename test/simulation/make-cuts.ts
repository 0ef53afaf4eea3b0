import { oneOf, seededChance, wholeNumber, type Chance } from '../seeded-chance.ts';
import type { ActorPlan, LinkPlan, Scenario, Step } from './scenario.ts';

const lastStepMs = 5000;
const watches = [
  [{ pattern: '/**' }],
  [{ pattern: '/e/**' }, { pattern: '/g/*' }],
  [{ pattern: '/**', maxRate: 5 }],
] as const;

/** Two send events under commit, and gestures, without pause; the links of four who listen, and their own, are cut all the
 *  time, and nothing else goes wrong: whatever is missing in the end is a fault. */
export function makeCuts(seed: number): Scenario {
  const chance = seededChance(seed);
  const senders = [1, 2].map((who): ActorPlan => ({ who, role: 'client', link: link(chance), watches: [] }));
  const listeners = [3, 4, 5, 6].map((who): ActorPlan => ({
    who,
    role: 'client',
    link: link(chance),
    watches: oneOf(chance, watches),
  }));
  const steps = [
    ...senders.flatMap((sender) => [0, 1, 2, 3, 4].map((second) => step(chance, sender, 'cues', second * 1000))),
    ...senders.flatMap((sender) =>
      [1, 2, 3].map(() => step(chance, sender, 'gesture', wholeNumber(chance, 0, lastStepMs))),
    ),
    ...listeners.flatMap((listener) => [0, 1, 2, 3, 4].map(() => mishap(chance, listener))),
    ...senders.map((sender) => mishap(chance, sender)),
  ].sort((one, other) => one.atMs - other.atMs);
  return { seed, journal: 'state', missesNothing: true, actors: [...senders, ...listeners], steps };
}

function mishap(chance: Chance, actor: ActorPlan): Step {
  const does = oneOf(chance, ['cut', 'cut again and again', 'cut again and again', 'vanish'] as const);
  return step(chance, actor, does, wholeNumber(chance, 300, lastStepMs));
}

function step(chance: Chance, { who }: ActorPlan, does: string, atMs: number): Step {
  return { atMs, who, does, seed: Math.floor(chance() * 2 ** 32) };
}

function link(chance: Chance): LinkPlan {
  return {
    kind: 'stream',
    framing: oneOf(chance, ['none', 'length32'] as const),
    latencyMs: oneOf(chance, [0.1, 1, 5, 40]),
    jitterMs: oneOf(chance, [0, 1, 20]),
    loss: 0,
    repeat: 0,
    queueBytesMax: 16_384,
  };
}
