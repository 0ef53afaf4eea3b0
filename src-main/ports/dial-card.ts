import type { NetworkCard } from '../contract/device.ts';

/** The network card that somebody is dialled from. */
export interface DialCard {
  /** its name or one of its addresses; empty: the system chooses */
  readonly networkCard: string;
  /** the network cards as they are now */
  readonly networkCards: () => readonly NetworkCard[];
}
