import type { DeviceStatus } from '../contract/device.ts';
import type { AppError } from '../contract/errors.ts';
import type { Bridge as BridgeSettings } from '../contract/show.ts';
import type { Signal } from '../contract/signal.ts';

/** A door to one protocol. The supervisor makes one for each bridge of the show, starts it, and makes a new one after a
 *  fault, or a change of settings that it does not take over: a bridge is started once and stopped once. */
export interface Bridge {
  /** Opens what it needs.
   *  @throws UnavailableError; then nothing stays open and the supervisor tries again later */
  start(host: BridgeHost): Promise<void>;
  /** Signals under its prefix, newest last. Never throws and never waits: what cannot be sent is counted in `status`. */
  apply(batch: readonly Signal[]): void;
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
}

export interface BridgeHost {
  /** Hands signals from the device to the router; addresses are full, prefix included. */
  publish(batch: readonly Signal[]): void;
  /** Numbers that the instance before left under numbers of its own, such as sequences by universe, for the next to count
   *  on from; this one leaves its own here. Empty for the first instance in a show. */
  readonly counts: Map<number, number>;
  /** The bridge cannot go on: it will be stopped and made anew. */
  fault(reason: AppError): void;
}

/** What a bridge knows of itself; the supervisor adds identity, rates and retries. */
export interface BridgeHealth extends Pick<
  DeviceStatus,
  'reason' | 'url' | 'seenAt' | 'inTotal' | 'outTotal' | 'refusedTotal' | 'refused'
> {
  readonly state: 'connected' | 'late' | 'trouble';
}
