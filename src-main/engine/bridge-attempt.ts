import { BugError } from '../contract/errors.ts';
import type { Bridge as BridgeSettings } from '../contract/show.ts';
import type { Signal } from '../contract/signal.ts';
import { millis, type Micros } from '../contract/units.ts';
import { settleWithin } from '../core/retry/settle-within.ts';
import type { Bridge, BridgeHealth, WhatStands } from '../ports/bridge.ts';
import type { TimedSignal } from '../core/router/memory/stream-memory.ts';
import { bridgePattern } from '../contract/bridges/bridge-pattern.ts';
import { LoopGuard } from './loop-guard.ts';
import { OwnReturns } from './own-returns.ts';
import { createPublishLimit, type PublishLimit } from './publish-limit.ts';
import type { SentValues } from './sent-values.ts';
import { wholeOf } from './standing-order.ts';
import type { AttemptSurroundings, BridgeSession } from './attempt-surroundings.ts';
import { StandingHandover } from './standing-handover.ts';

/** A stop that takes longer is no longer waited for; it goes on behind. */
export const stopLimit = millis(2000);

/** One instance of a bridge, from loading to closing. */
export class BridgeAttempt {
  readonly #around: AttemptSurroundings;
  readonly #opening: Promise<void>;
  #settings: BridgeSettings;
  #bridge: Bridge | undefined;
  #session: BridgeSession | undefined;
  #limit: PublishLimit | undefined;
  #handover: StandingHandover | undefined;
  readonly #loops: LoopGuard;
  readonly #returns: OwnReturns;
  #heardAt;
  #isUp = false;
  #isOver = false;
  #closed: Promise<void> | undefined;

  /** Begins at once. */
  constructor(settings: BridgeSettings, around: AttemptSurroundings) {
    this.#settings = settings;
    this.#around = around;
    this.#heardAt = around.clock.nowMicros();
    const { clock, sentRates } = around;
    this.#loops = new LoopGuard(clock, (batch) => this.#limit?.publish(batch), sentRates);
    this.#returns = new OwnReturns(settings.settings.prefix, clock, sentRates);
    this.#opening = this.#open().catch((error: unknown) => this.#fail(error));
  }

  /** signals that were left out, from the device, and for it while it was away */
  get droppedTotal(): number {
    const missed = this.#handover?.missedTotal ?? 0;
    return (this.#limit?.droppedTotal() ?? 0) + this.#loops.cutTotal + this.#returns.cutTotal + missed;
  }

  /** Why the bridge asks for a look, as a sentence.
   *  @param asked as this says it */
  trouble(asked: number | undefined): string | undefined {
    const ask =
      asked && `It is back. ${asked} ${asked === 1 ? 'value waits' : 'values wait'}: send, or leave it as it is.`;
    return (
      [ask, this.#returns.trouble, this.#loops.trouble, this.#limit?.trouble()].filter(Boolean).join(' ') || undefined
    );
  }

  /** @returns undefined while it is not up; a bridge that cannot say has failed with that */
  health(): BridgeHealth | undefined {
    if (!this.#isUp || this.#isOver) return undefined;
    try {
      const health = this.#bridge?.status();
      if (health?.state === 'broken') this.#noteGone();
      return health;
    } catch (cause) {
      this.#fail(brokenInside(cause));
      return undefined;
    }
  }

  /** values that wait for the operator's word; undefined while none is asked */
  get asked(): number | undefined {
    return this.#handover?.asked;
  }

  /** What is said of it changes, and nothing that it works by. */
  rename(settings: BridgeSettings): void {
    this.#settings = settings;
  }

  /** Sends the device what stands. @returns how many values; undefined while it is not up, or its device is away */
  resend(): number | undefined {
    return this.#handover?.resend();
  }

  /** Leaves a device that asks as it is. */
  leave(): void {
    this.#handover?.leave();
  }

  /** Takes over new settings without closing.
   *  @returns false when another attempt has to be made with them */
  change(settings: BridgeSettings): boolean {
    const { kind, settings: before } = this.#settings;
    if (!this.#isUp || this.#isOver || settings.kind !== kind || settings.settings.prefix !== before.prefix)
      return false;
    try {
      const keep = (held: readonly Signal[]): void => this.#around.held.keep(this.#settings, held, this.#heardAt);
      if (!this.#bridge?.change?.(settings, () => wholeOf(this.#standing()), keep)) return false;
    } catch (cause) {
      this.#around.log.warn('bridge did not take over its settings', { cause });
      return false;
    }
    this.#settings = settings;
    return true;
  }

  /** The operator ends it. @param next what takes its place */
  retire(next: BridgeSettings | undefined): void {
    try {
      this.#bridge?.retire?.(next);
    } catch (cause) {
      this.#around.log.warn('bridge did not hear what becomes of it', { cause });
    }
  }

  /** At once nothing passes any more. Settles, never rejects, when it is closed or no longer waited for. */
  close(): Promise<void> {
    if (!this.#isOver) this.#keepHeld();
    this.#isOver = true;
    this.#limit?.stop();
    this.#loops.stop();
    this.#handover?.stop();
    this.#session?.close();
    const { clock, log } = this.#around;
    this.#closed ??= settleWithin(clock, stopLimit, this.#shut()).then((inTime) => {
      if (!inTime) log.warn('bridge takes long to stop', { waitedMs: stopLimit });
    });
    return this.#closed;
  }

  async #open(): Promise<void> {
    const { load, connect, clock, held } = this.#around;
    const pattern = bridgePattern(this.#settings.settings.prefix);
    const bridge = await load(this.#settings);
    if (this.#hasEnded()) return;
    this.#bridge = bridge;
    const session = connect(this.#settings);
    this.#session = session;
    const limit = createPublishLimit(clock, (batch) => this.#publish(session, batch), bridge.bringsMax);
    this.#limit = limit;
    await bridge.start({
      publish: (batch) => {
        if (this.#isOver) return;
        this.#handover?.overtake(batch);
        const passing = this.#loops.incoming(this.#returns.incoming(batch));
        if (passing.length > 0) limit.publish(passing);
      },
      schedule: (batch, at) => this.#schedule(session, batch, at),
      addresses: () => this.#around.params?.(pattern) ?? [],
      counts: held.countsOf(this.#settings),
      returned: (how) => {
        if (this.#isOver) return;
        if (this.#handover) this.#handover.comeBack(how);
        else how?.whole?.();
      },
      fault: (reason) => this.#fail(reason),
    });
    if (this.#hasEnded()) return;
    session.subscribe(pattern, (deliveries) => this.#hear(deliveries.map(({ signal }) => signal)));
    this.#isUp = true;
    this.#handover = this.#makeHandover(bridge);
    if (!this.#isAway()) this.#handover.comeBack();
    if (!this.#hasEnded()) this.#around.onUp();
  }

  /** What stands under its prefix, then what was held there: of one time the held one comes last. */
  *#standing(): Generator<TimedSignal | undefined, undefined> {
    const { standing, held } = this.#around;
    const now = standing?.(bridgePattern(this.#settings.settings.prefix), this.#settings) ?? [];
    for (const each of now) yield each && (this.#bridge?.isState?.(each.signal.address) ?? true) ? each : undefined;
    yield* held.of(this.#settings);
    return undefined;
  }

  #makeHandover(bridge: Bridge): StandingHandover {
    return new StandingHandover({
      clock: this.#around.clock,
      policy: () => this.#settings.onReturn,
      isFramed: bridge.held !== undefined,
      sent: this.#around.sent.of(this.#settings),
      standing: () => this.#standing(),
      isAway: () => this.#isAway(),
      give: (some, stands) => this.#apply(some, stands),
    });
  }

  #isAway(): boolean {
    return this.health()?.state === 'broken';
  }

  /** Timed signals are not held back: what is left out of a second is left out for good. */
  #schedule(session: BridgeSession, batch: readonly Signal[], at: Micros): ReturnType<BridgeSession['schedule']> {
    if (this.#isOver) return 'late';
    if (!this.#limit?.takes(batch.length)) return 'full';
    this.#handover?.overtake(batch);
    const outcome = session.schedule(batch, at);
    if (outcome !== 'late' && outcome !== 'full') this.#noteSaid(batch);
    return outcome;
  }

  #publish(session: BridgeSession, batch: readonly Signal[]): void {
    this.#noteSaid(batch);
    session.publish(batch);
  }

  #hear(batch: readonly Signal[]): void {
    if (this.#handover) this.#apply(this.#handover.hear(batch));
  }

  #apply(batch: readonly Signal[], stands?: WhatStands): void {
    if (this.#isOver) return;
    this.#heardAt = this.#around.clock.nowMicros();
    if (batch.length === 0) return;
    try {
      this.#bridge?.apply(batch, stands);
      this.#loops.outgoing(batch.length);
      this.#around.sentRates.sent(batch);
      if (this.#settings.onReturn === 'differs' && !this.#isAway()) this.#noteSent(batch, this.#heardAt);
    } catch (cause) {
      // It may not throw there. One that does is taken down alone; the router and the other bridges go on.
      this.#fail(brokenInside(cause));
    }
  }

  #noteSent(batch: readonly Signal[], at: Micros): void {
    const sent = this.#sent;
    if (sent) for (const { kind, address, value } of batch) if (kind === 'param') sent.sent(address, value, at);
  }

  #noteSaid(batch: readonly Signal[]): void {
    const sent = this.#sent;
    if (sent) for (const { kind, address, value } of batch) if (kind === 'param') sent.said(address, value);
  }

  #noteGone(): void {
    this.#sent?.gone(this.#around.clock.nowMicros());
  }

  /** undefined where nobody asks for it */
  get #sent(): SentValues | undefined {
    return this.#settings.onReturn === 'differs' ? this.#around.sent.of(this.#settings) : undefined;
  }

  #keepHeld(): void {
    // One that has not come up was never given what the last one held.
    if (!this.#isUp || !this.#bridge?.held) return;
    try {
      this.#around.held.keep(this.#settings, this.#bridge.held(), this.#heardAt);
    } catch (cause) {
      this.#around.log.warn('bridge did not say what it holds', { cause });
    }
  }

  /** Asked anew after every wait, since what was true before it need not be true after. */
  #hasEnded(): boolean {
    return this.#isOver;
  }

  #fail(error: unknown): void {
    if (this.#isOver) return;
    this.#noteGone();
    this.#around.onFault(error);
  }

  async #shut(): Promise<void> {
    await this.#opening;
    try {
      await this.#bridge?.stop();
    } catch (cause) {
      this.#around.log.warn('bridge did not stop in order', { cause });
    }
  }
}

function brokenInside(cause: unknown): BugError {
  return new BugError('Something inside this bridge failed.', {}, { cause });
}
