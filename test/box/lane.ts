import type { Clasp } from '@clasp-to/core';
import type { ReadyEvent } from '../integration/flyrail-process.ts';
import type { Tally } from './tally.ts';

/** The product that runs, and the official CLASP client at its port. */
export interface Box {
  readonly client: Clasp;
  readonly ready: ReadyEvent;
  /** a folder that goes with the box */
  readonly folder: string;
  /** Runs with each number that is set or happens at this address. */
  hear(address: string, run: (n: number) => void): void;
  /** Puts off an end until the box is emptied, in the order in which they were told, the last first. */
  onEnd(run: () => unknown): void;
}

/** A protocol as it is before the product starts: what the show and the command line say of it. */
export interface LanePlan {
  /** of its bridge, where it has one: `serve` tells its state under this id */
  readonly id: string;
  readonly bridge?: Readonly<Record<string, unknown>>;
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
}
