import type { Found, Registration } from '../../contract/rendezvous.ts';
import type { Micros } from '../../contract/units.ts';

/** Who asks. */
export interface Caller {
  /** @see sourceOf */
  readonly source: string;
  /** the key that signed the request; undefined: nobody did */
  readonly key: string | undefined;
}

/** One registered device. */
export interface RendezvousEntry {
  readonly id: string;
  /** @see identityOf */
  readonly identity: string;
  /** where it came from first: to this source it counts */
  readonly source: string;
  /** undefined: nobody signed it */
  readonly owner: string | undefined;
  readonly registeredAt: Micros;
  registration: Registration;
  /** of the registration, as JSON */
  letters: number;
  lastSeen: Micros;
}

/** As others see it: never where it came from. */
export function describeEntry(entry: RendezvousEntry): Found {
  const { id, owner, registeredAt, lastSeen, registration } = entry;
  const { name, publicKey, features, endpoints, tags, metadata } = registration;
  const shown = publicKey ?? owner;
  return {
    id,
    name,
    ...(shown !== undefined && { publicKey: shown }),
    features,
    endpoints,
    tags,
    metadata,
    registeredAt,
    lastSeen,
    signed: owner !== undefined,
    ...(owner !== undefined && { verified: owner }),
  };
}

/** What a device is known by when it registers again: of one key by its name, so that the owner can change the rest; of one source by
 *  name and endpoints, as one that was switched off and on. */
export function identityOf({ name, endpoints }: Registration, { source, key }: Caller): string {
  if (key !== undefined) return JSON.stringify([key, name]);
  const byTransport = Object.entries(endpoints).sort(([left], [right]) => (left < right ? -1 : 1));
  return JSON.stringify([source, name, byTransport]);
}
