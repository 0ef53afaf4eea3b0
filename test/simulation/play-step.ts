import { seededChance } from '../seeded-chance.ts';
import { acts } from './acts.ts';
import { ClientActor } from './client-actor.ts';
import { mishaps } from './mishaps.ts';
import { RawPeer } from './raw-peer.ts';
import type { Step } from './scenario.ts';
import type { World } from './world.ts';

/** Does what a step says. One of an actor that has left does nothing; raw peers do what they like at any act. */
export function playStep(world: World, { who, does, seed }: Step): void {
  const mishap = mishaps[does];
  if (mishap) return mishap(world, who, seededChance(seed));
  const actor = world.actor(who);
  if (actor instanceof ClientActor) acts[does]?.(actor, seededChance(seed));
  else if (actor instanceof RawPeer) actor.act(seed);
}
