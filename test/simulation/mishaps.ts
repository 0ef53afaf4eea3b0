import { millis } from '../../src-main/contract/units.ts';
import { oneOf, wholeNumber, type Chance } from '../seeded-chance.ts';
import type { World } from './world.ts';

/** @param who whom it meets, where it meets one */
type Mishap = (world: World, who: number, chance: Chance) => void;

/** Everything that goes wrong around the product. */
export const mishaps: Readonly<Record<string, Mishap>> = {
  cut: ({ network }, who) => network.cut(who),
  'cut again and again': ({ network, clock }, who, chance) => {
    for (let left = wholeNumber(chance, 2, 6), at = 0; left > 0; left--, at += wholeNumber(chance, 1, 700))
      clock.after(millis(at), () => network.cut(who));
  },
  vanish: ({ network }, who) => network.vanish(who),
  stall: ({ network, clock }, who, chance) => {
    network.stall(who);
    clock.after(millis(wholeNumber(chance, 10, 6000)), () => network.heal(who));
  },
  'read slowly': ({ network, clock }, who, chance) => {
    network.slow(who, oneOf(chance, [0.2, 1, 5]));
    clock.after(millis(wholeNumber(chance, 500, 4000)), () => network.slow(who, Infinity));
  },
  leave: (world, who) => world.leave(who),
  crash: (world, _who, chance) => world.endLife('crash', wholeNumber(chance, 100, 2000), 0),
  'crash on a slow disk': (world, _who, chance) => {
    world.troubleDisk({ slowestMs: 400 }, 1500);
    const kind = oneOf(chance, ['crash', 'power'] as const);
    world.clock.after(millis(wholeNumber(chance, 100, 1400)), () => world.endLife(kind, 500, 0));
  },
  'power cut': (world, _who, chance) => {
    const steps = [0, 0, -3_000_000, 5_000_000];
    world.endLife('power', wholeNumber(chance, 100, 2000), oneOf(chance, steps));
  },
  'restart in order': (world, _who, chance) => world.endLife('close', wholeNumber(chance, 1000, 2000), 0),
  'disk fails': (world, _who, chance) => world.troubleDisk({ isFailing: true }, wholeNumber(chance, 50, 3000)),
  'disk is slow': (world, _who, chance) => world.troubleDisk({ slowestMs: 400 }, wholeNumber(chance, 50, 3000)),
  'clock steps ahead': (world, _who, chance) => world.stepClock(wholeNumber(chance, 1000, 2_000_000)),
};
