import type { OscSettings } from '../../contract/bridges/osc.ts';
import type { NetworkCard } from '../../contract/device.ts';
import type { UnavailableError } from '../../contract/errors.ts';
import type { WhatStands } from '../../ports/bridge.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Random } from '../../ports/random.ts';

/** One at the other end: a target, a client, somebody who spoke. Known by identity. */
export interface OscEnd {
  /** as an operator writes it: `10.0.0.21:9000` */
  readonly name: string;
}

/** What leaves in one piece. */
export interface OscPacket {
  readonly bytes: Uint8Array;
  /** what a newer packet of the same key makes old, where it has to wait; undefined when each is wanted */
  readonly key: string | undefined;
}

/** What carries packets to and from the other ends. */
export interface OscWire {
  /** @throws UnavailableError; nothing stays open then */
  open(): Promise<void>;
  /** To every end, or those that what stands is for. Never throws; what does not leave is told by `refuse`. */
  send(packet: OscPacket, stands?: WhatStands): void;
  /** what is wrong with which end, a sentence each */
  troubles(): readonly string[];
  /** ends that are there, as far as it can be known, and those that should be */
  ends(): { readonly there: number; readonly wanted: number };
  /** packets that have not left yet, to all ends together */
  readonly waiting: number;
  /** 0 while it does not listen */
  readonly listenPort: number;
  close(): Promise<void>;
}

export interface OscWireOptions {
  readonly settings: OscSettings;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly networkCards: () => readonly NetworkCard[];
  /** @param bytes one packet, valid only during the call */
  readonly hear: (bytes: Uint8Array, from: OscEnd) => void;
  /** one packet left */
  readonly left: () => void;
  /** @param why as a sentence without its point */
  readonly refuse: (why: string, count?: number) => void;
  /** an end is there, or there again, and may not know how things stand */
  readonly arrived: (end: OscEnd) => void;
  /** it cannot go on; runs at most once */
  readonly fault: (reason: UnavailableError) => void;
}

export function hears({ direction }: OscSettings): boolean {
  return direction !== 'out';
}

export function speaks({ direction }: OscSettings): boolean {
  return direction !== 'in';
}

export function nameOf(host: string, port: number): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
