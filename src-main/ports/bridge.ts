import type { Address } from '../contract/address.ts';
import type { DeviceStatus } from '../contract/device.ts';
import type { AppError } from '../contract/errors.ts';
import type { Bridge as BridgeSettings } from '../contract/show.ts';
import type { Signal } from '../contract/signal.ts';
import type { Micros } from '../contract/units.ts';

/** A door to one protocol. The supervisor makes one for each bridge of the show, starts it, and makes a new one after a
 *  fault, or a change of settings that it does not take over: a bridge is started once and stopped once. */
export interface Bridge {
  /** Opens what it needs. A bridge whose device is away (unplugged, or a peer that its library dials for ever) is up all the
   *  same: its status says `broken` and why, it looks for the device by itself, and says `returned` when it is there.
   *  @throws UnavailableError; then nothing stays open and the supervisor tries again later */
  start(host: BridgeHost): Promise<void>;
  /** Signals under its prefix, newest last. Never throws and never waits: what cannot be sent is counted in `status`.
   *  @param stands it is no news, and stands already; undefined where it is what changes or happens now */
  apply(batch: readonly Signal[], stands?: WhatStands): void;
  /** The operator ends this instance, right before `stop`; not called where Flyrail itself ends. For what others keep of it, such as a
   *  session at a broker, and nobody wants any more. Never throws.
   *  @param next what takes its place; undefined when the bridge was deleted, or another show is opened */
  retire?(next: BridgeSettings | undefined): void;
  /** Ends in order (sACN says goodbye on the wire); settles when sockets are closed. Safe after a failed start. */
  stop(): Promise<void>;
  status(): BridgeHealth;
  /** Takes over new settings while it runs; what stays the same goes on without a gap on the wire. Never throws.
   *  @param settings with the prefix it has
   *  @param current what is under its prefix, newest last, for outputs that begin with this change: params, and what was
   *  kept of outputs that ended
   *  @param keep takes what `held` said of outputs that end with this change; called before `current`
   *  @returns false when it must be made anew; then nothing has changed */
  change?(settings: BridgeSettings, current: () => readonly Signal[], keep: (held: readonly Signal[]) => void): boolean;
  /** Signals that bring a successor with the same prefix to where its outputs stand now, whatever kind of signal set
   *  them. Never throws. Without it a successor gets the params alone: right for devices that keep what they were sent. */
  held?(): readonly Signal[];
  /** Whether a param is how things stand, which a device that comes up or back is brought to. Without it every one is: right where
   *  nobody knows what an address means. What is a command of its moment (a place to jump to), what the bridge only tells, and
   *  what is of other devices under the prefix is no state. Never throws. */
  isState?(address: Address): boolean;
  /** Signals a second that it may bring; 5000 without. Past them the newest of each param follows a second later. */
  readonly bringsMax?: number;
}

export interface WhatStands {
  /** those behind the bridge that it is for, as `returned` named them; everybody where undefined */
  readonly only?: ReadonlySet<object>;
}

export interface BridgeHost {
  /** Hands signals from the device to the router; addresses are full, prefix included. */
  publish(batch: readonly Signal[]): void;
  /** The same at a time of the machine's clock: all of the batch together, nothing from elsewhere in between. It never happens
   *  once the bridge has ended.
   *  @returns waits: it happens at that time. done: that time is over, and it happened now. late: too late by the show's policy.
   *  full: too much waits already, or comes in a second. Of the last two nothing happens */
  schedule(batch: readonly Signal[], at: Micros): 'waits' | 'done' | 'late' | 'full';
  /** The params under its prefix that are there now, whoever set them. */
  addresses(): readonly Address[];
  /** Numbers that the instance before left under numbers of its own, such as sequences by universe, for the next to count
   *  on from; this one leaves its own here. Empty for the first instance in a show. */
  readonly counts: Map<number, number>;
  /** Its device is there again, or at last, and may not know how things stand: by the policy of the bridge it is handed what
   *  stands, a little in each turn of the event loop, the first of it within this call where less than a thousand values stand. Nothing
   *  is handed over before the start is over: what stands comes then, unless its status says that the device is away. */
  returned(how?: DeviceIsBack): void;
  /** The bridge cannot go on: it will be stopped and made anew. */
  fault(reason: AppError): void;
}

export interface DeviceIsBack {
  /** of many behind the bridge the one that is back, by identity: what stands is for it, and those that come meanwhile, alone */
  readonly only?: object;
  /** nobody can say that it got what it was sent last: with `differs` it is handed everything */
  readonly missed?: boolean;
  /** Runs once it was handed everything, or is handed nothing; not where it goes before. */
  readonly whole?: () => void;
}

/** What a bridge knows of itself; the supervisor adds identity, rates and retries. */
export interface BridgeHealth extends Pick<
  DeviceStatus,
  'reason' | 'url' | 'seenAt' | 'inTotal' | 'outTotal' | 'refusedTotal' | 'refused' | 'frames' | 'device'
> {
  /** broken: its device is away, and it looks for it by itself */
  readonly state: 'connected' | 'late' | 'trouble' | 'broken';
}
