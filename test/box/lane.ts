import type { Clasp } from '@clasp-to/core';
import type { BridgeKind } from '../../src-main/contract/bridges/bridge.ts';
import type { CabledDevice } from '../bench/stand-ins/cable.ts';
import type { PortPair } from '../bench/stand-ins/datagram-port.ts';
import type { ReadyEvent } from '../integration/flyrail-process.ts';
import type { Tally } from './tally.ts';

/** The product that runs, and the official CLASP client at its port. */
export interface Box {
  readonly client: Clasp;
  readonly ready: ReadyEvent;
  /** of the devices at the places of libraries */
  readonly cables: { plug(device: CabledDevice, ports: PortPair): void; unplug(device: CabledDevice): void };
  /** Runs with each number that is set or happens at this address. */
  hear(address: string, run: (n: number) => void): void;
  /** Puts off an end until the box is emptied, in the order in which they were told, the last first. */
  onEnd(run: () => unknown): void;
}

/** A protocol as it is before the product starts: what the show and the command line say of it. */
export interface LanePlan {
  /** of its bridge, where it has one: `serve` tells its state under this id */
  readonly id: string;
  readonly bridge?: { readonly kind: BridgeKind; readonly settings: Readonly<Record<string, unknown>> };
  readonly flags?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Its peer, somebody else's program, begins. */
  begin(box: Box): Promise<Lane>;
}

/** A protocol with both ends in place. */
export interface Lane {
  readonly tallies: readonly Tally[];
  /** turns a second */
  readonly perSecond: number;
  /** One turn: a number each way. @param n counts up from 0 */
  turn(n: number): void;
  /** Takes the device away as a person would. Absent: it stays. */
  unplug?(): Promise<void>;
  plug?(): Promise<void>;
  /** Its bridge stays in its state: nobody answers there, or silence is nothing wrong. */
  readonly isDeaf?: boolean;
}
