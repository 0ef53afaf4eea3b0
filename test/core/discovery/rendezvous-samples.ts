import { registrationSchema, type Registration } from '../../../src-main/contract/rendezvous.ts';
import type { Caller } from '../../../src-main/core/discovery/rendezvous-entry.ts';
import { RendezvousRegistry, type RegistryOptions } from '../../../src-main/core/discovery/rendezvous-registry.ts';
import { createSystemRandom } from '../../../src-main/platform/system-random.ts';
import { SimulatedClock } from '../../simulated-clock.ts';

export const alice = 'A'.repeat(43);
export const bob = 'B'.repeat(43);

export function device(name = 'Desk', more: object = {}): Registration {
  return registrationSchema.parse({
    name,
    endpoints: { ws: `ws://10.0.0.2:7330/${encodeURIComponent(name)}` },
    ...more,
  });
}

export function from(source: string, key?: string): Caller {
  return { source, key };
}

export function openRegistry(options: Partial<RegistryOptions> = {}) {
  const clock = new SimulatedClock();
  const random = createSystemRandom();
  const registry = new RendezvousRegistry({ clock, random, requireSigned: false, ...options });
  return { clock, registry, names: () => registry.discover({ limit: 1000 }).map(({ name }) => name) };
}
