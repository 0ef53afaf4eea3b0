import type { Sighting } from '../../../src-main/core/discovery/sighting.ts';
import { placeIdentity } from '../../../src-main/core/discovery/sighting.ts';
import { millis } from '../../../src-main/contract/units.ts';

/** A router seen by mDNS at 10.0.0.7 that holds for two minutes, unless told otherwise. */
export function sighting(change: Partial<Sighting> = {}): Sighting {
  return {
    kind: 'clasp',
    way: 'mdns',
    from: '10.0.0.7',
    networkCard: 'eth0',
    identities: ['mdns desk._clasp._tcp.local', placeIdentity('clasp', '10.0.0.7', 7330)],
    name: 'Desk',
    addresses: ['10.0.0.7'],
    port: 7330,
    url: 'ws://10.0.0.7:7330/clasp',
    holds: millis(120_000),
    ...change,
  };
}
