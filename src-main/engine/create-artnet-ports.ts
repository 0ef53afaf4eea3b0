import { networkInterfaces } from 'node:os';
import { ArtnetPorts } from '../bridges/artnet/artnet-ports.ts';
import { listLanCards } from '../platform/lan-cards.ts';
import type { Clock } from '../ports/clock.ts';
import type { Random } from '../ports/random.ts';

/** The Art-Net ports of this machine: one of these for an engine, so that its bridges and its discovery share sockets. */
export function createArtnetPorts({ clock, random }: { readonly clock: Clock; readonly random: Random }): ArtnetPorts {
  return new ArtnetPorts({ clock, random, lanCards: () => listLanCards(networkInterfaces, 'with-loopback') });
}
