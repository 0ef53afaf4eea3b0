import type { UnavailableError } from '../../contract/errors.ts';
import type { ArtDmx } from '../../core/dmx/artnet/art-dmx.ts';
import type { ReplyPort } from '../../core/dmx/artnet/art-poll-reply.ts';

/** One bridge at a UDP port that all Art-Net bridges of this process share. Nothing of it may throw. */
export interface ArtnetMember {
  readonly shortName: string;
  readonly longName: string;
  /** name or address of the one network card it works on; empty for all */
  readonly networkCard: string;
  /** it sends to who answers polls */
  readonly asks: boolean;
  /** what it has, as a node tells it */
  ports(): readonly ReplyPort[];
  sends(portAddress: number): boolean;
  /** @param levels in `dmx` are valid only during the call */
  hearDmx(dmx: ArtDmx, from: string): void;
  hearSync(from: string): void;
  /** A controller wants a port address that it receives merged otherwise, or no longer. */
  merge(portAddress: number, how: 'htp' | 'ltp' | 'cancel'): void;
  /** Another packet came that nobody can read. */
  hearUnread(): void;
  /** Who subscribes to what, or the network cards, changed. */
  look(): void;
  /** The port is gone. */
  fault(reason: UnavailableError): void;
}
