import { AppError, BugError, UnavailableError } from '../../contract/errors.ts';
import type { Cancel } from '../../contract/message-link.ts';
import type { ClaspBridge } from '../../contract/show.ts';
import type { Signal } from '../../contract/signal.ts';
import { millis } from '../../contract/units.ts';
import { TrafficTally } from '../../core/realtime/traffic-tally.ts';
import { createBackoff, type Backoff } from '../../core/retry/backoff.ts';
import { settleWithin } from '../../core/retry/settle-within.ts';
import type { Bridge, BridgeHealth, BridgeHost } from '../../ports/bridge.ts';
import type { LinkNeeds } from '../../ports/link.ts';
import { givenWithin } from './first-session.ts';
import { LinkFaults } from './link-faults.ts';
import { LinkSession } from './link-session.ts';

/** So long a start waits for the router and what it has; what takes longer is away until it is there. */
const firstWait = millis(givenWithin + 1500);
/** Waits between tries while nobody answers: somebody who comes back is found within 2 s. */
const quick = { first: millis(100), cap: millis(1000) };
/** The same by Bluetooth, where each try is a process of its own. */
const slow = { first: millis(500), cap: millis(15_000) };

/** A link to another CLASP router, as its client. It is up while the router is away, and dials it for ever; what somebody has to
 *  repair first, such as a token, is a fault.
 *  @see CLASP-WIRE §7, §8; docs/show-format.md */
export class ClaspLink implements Bridge {
  readonly #bridge: ClaspBridge;
  readonly #needs: LinkNeeds;
  readonly #tally: TrafficTally;
  readonly #faults = new LinkFaults();
  readonly #backoff: Backoff;
  /** the one that dials, or stands */
  #session: LinkSession | undefined;
  #host: BridgeHost | undefined;
  #isUp = false;
  #hasStarted = false;
  #away = 'The router has not answered yet.';
  #missed = 0;
  #refusal: AppError | undefined;
  #settleFirst: () => void = () => undefined;
  #cancelDial: Cancel = () => undefined;
  #started: Promise<void> | undefined;
  #stopped: Promise<void> | undefined;

  constructor(bridge: ClaspBridge, needs: LinkNeeds) {
    this.#bridge = bridge;
    this.#needs = needs;
    this.#tally = new TrafficTally(needs.clock);
    const waits = bridge.settings.url.startsWith('ble:') ? slow : quick;
    this.#backoff = createBackoff({ random: needs.random, ...waits });
  }

  start(host: BridgeHost): Promise<void> {
    this.#started = this.#start(host);
    return this.#started;
  }

  apply(batch: readonly Signal[]): void {
    if (this.#isUp) return this.#session?.apply(batch);
    // Params stand, and are given when the router is there; the rest is past then.
    const past = batch.filter(({ kind }) => kind !== 'param').length;
    this.#tally.shed(past);
    this.#missed += past;
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  status(): BridgeHealth {
    const { totals } = this.#tally;
    const away = { state: 'broken', reason: `${this.#away} Flyrail keeps trying.${this.#missedWords()}` } as const;
    return {
      ...((this.#isUp && this.#session?.standing()) || away),
      url: this.#bridge.settings.url,
      ...totals,
      refusedTotal: totals.refusedTotal + this.#faults.total,
    };
  }

  async #start(host: BridgeHost): Promise<void> {
    this.#host = host;
    const first = new Promise<void>((resolve) => (this.#settleFirst = resolve));
    void this.#dial(host);
    await settleWithin(this.#needs.clock, firstWait, first);
    if (this.#stopped) throw new UnavailableError('link-closed', 'The link was stopped while it started.');
    if (this.#refusal) throw this.#refusal;
    this.#hasStarted = true;
  }

  async #stop(): Promise<void> {
    this.#cancelDial();
    this.#settleFirst();
    await Promise.allSettled([this.#started, this.#session?.stop()]);
  }

  async #dial(host: BridgeHost): Promise<void> {
    this.#faults.forget();
    const session = new LinkSession(this.#bridge, { ...this.#needs, tally: this.#tally, faults: this.#faults });
    this.#session = session;
    try {
      const fault = (reason: unknown): void => this.#end(session, reason);
      await session.start({ publish: (batch) => host.publish(batch), fault });
    } catch (reason) {
      this.#end(session, reason);
      return;
    }
    // One whose router went in this very moment has ended already.
    if (this.#stopped || this.#session !== session) return;
    this.#isUp = true;
    this.#missed = 0;
    this.#backoff.reset();
    this.#settleFirst();
    host.returned();
  }

  #end(session: LinkSession, reason: unknown): void {
    if (this.#stopped || this.#session !== session) return;
    if (this.#isUp) this.#needs.log.warn('CLASP router is gone', { url: this.#bridge.settings.url, reason });
    this.#session = undefined;
    this.#isUp = false;
    void session.stop();
    const isAway = reason instanceof UnavailableError && reason.code === 'link-closed';
    if (!isAway) return this.#giveUp(reason);
    this.#away = reason.message;
    this.#settleFirst();
    const { clock } = this.#needs;
    this.#cancelDial = clock.after(this.#backoff.next(), () => void (this.#host && this.#dial(this.#host)));
  }

  /** Trying often helps nobody here. */
  #giveUp(reason: unknown): void {
    const cause =
      reason instanceof AppError ? reason : new BugError('Something inside this link failed.', {}, { cause: reason });
    this.#away = cause.message;
    if (this.#hasStarted) return this.#host?.fault(cause);
    this.#refusal = cause;
    this.#settleFirst();
  }

  #missedWords(): string {
    if (this.#missed === 0) return '';
    return this.#missed === 1
      ? ' 1 event was not given meanwhile.'
      : ` ${this.#missed} events were not given meanwhile.`;
  }
}
