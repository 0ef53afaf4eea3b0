import type { DeviceStatus } from '../contract/device.ts';
import { AppError, toWireError, UnavailableError } from '../contract/errors.ts';
import type { Cancel } from '../contract/message-link.ts';
import type { Bridge as BridgeSettings } from '../contract/show.ts';
import { microsToMillis, millis, millisToMicros, micros, type Micros, type Millis } from '../contract/units.ts';
import { createBackoff, type Backoff } from '../core/retry/backoff.ts';
import { createCircuitBreaker, type CircuitBreaker } from '../core/retry/circuit-breaker.ts';
import type { BridgeHealth } from '../ports/bridge.ts';
import type { Log } from '../ports/log.ts';
import type { Random } from '../ports/random.ts';
import type { AttemptSurroundings } from './attempt-surroundings.ts';
import { BridgeAttempt } from './bridge-attempt.ts';
import { createTrafficMeter, type TrafficMeter } from './traffic-meter.ts';

export interface BridgeSurroundings extends Omit<AttemptSurroundings, 'onUp' | 'onFault'> {
  readonly random: Random;
}

/** Waits between tries while a bridge does not come up. */
export const retryFirst = millis(500);
export const retryCap = millis(15_000);
/** How often a network card that is away is looked for, however long: a cable that is back is used again at once. */
export const retryCard = millis(500);
/** A bridge that comes up and breaks this often within this time is left alone for the rest, so that it does not flap on
 *  stage. One that does not come up does not flap. */
export const breaksMax = 5;
export const breaksWindow = millis(60_000);
export const breaksRest = millis(30_000);
/** After this long without a fault a bridge counts as sound again. */
export const soundAfter = millis(30_000);
type Phase = { readonly is: 'off' | 'connecting' | 'running' } | { readonly is: 'broken'; readonly retryAt: Micros };

const noHealth = { url: '', seenAt: null, inTotal: 0, outTotal: 0, refusedTotal: 0 };

/** One bridge of the show through all its tries: opens it, and after a fault closes it and tries again for ever. */
export class SupervisedBridge {
  readonly #around: BridgeSurroundings;
  readonly #onState: () => void;
  readonly #log: Log;
  readonly #backoff: Backoff;
  readonly #breaker: CircuitBreaker;
  readonly #meter: TrafficMeter;
  #settings: BridgeSettings;
  #phase: Phase = { is: 'off' };
  #attempt: BridgeAttempt | undefined;
  #lastFault: string | undefined;
  /** it is down because its network card is not there */
  #isCardAway = false;
  #lastHealth: Omit<BridgeHealth, 'state' | 'reason'> = noHealth;
  #warning: string | undefined;
  #cancelTimer: Cancel = () => undefined;
  #ended = false;

  /** @param onState runs after every change of state, and never inside `end` */
  constructor(settings: BridgeSettings, around: BridgeSurroundings, onState: () => void) {
    const { clock, random, log } = around;
    this.#settings = settings;
    this.#around = around;
    this.#onState = onState;
    this.#log = log.child({ bridge: settings.id, kind: settings.kind });
    this.#backoff = createBackoff({ random, first: retryFirst, cap: retryCap });
    this.#breaker = createCircuitBreaker({ clock, failuresMax: breaksMax, window: breaksWindow, rest: breaksRest });
    this.#meter = createTrafficMeter(clock);
  }

  /** Opens it for the first time, when `free` has settled; `free` never rejects. */
  begin(free?: Promise<unknown>): void {
    this.#enter({ is: 'connecting' });
    if (free) void free.then(() => this.#tryOnce());
    else this.#tryOnce();
  }

  /** A new name, number, or word for a device that comes back. */
  rename(settings: BridgeSettings): void {
    this.#settings = settings;
    this.#attempt?.rename(settings);
  }

  /** Sends its device what stands. @returns how many values; undefined while it is not up, or its device is away */
  resend(): number | undefined {
    return this.#attempt?.resend();
  }

  /** Leaves a device that asks as it is. */
  leave(): void {
    this.#attempt?.leave();
  }

  /** New settings for one that stays switched on.
   *  @returns false when it cannot take them over as it runs, and has to be begun anew */
  change(settings: BridgeSettings): boolean {
    if (this.#phase.is !== 'running' || !settings.enabled || !this.#attempt?.change(settings)) return false;
    this.#settings = settings;
    this.#log.info('bridge took over new settings');
    return true;
  }

  /** Something outside spoils it while it runs; undefined for nothing. */
  warn(reason: string | undefined): void {
    this.#warning = reason;
  }

  /** Once a second: measures the rates. */
  tick(): void {
    this.#readHealth();
    this.#meter.measure(this.#lastHealth);
  }

  status(): DeviceStatus {
    const health = this.#readHealth();
    const { refused, frames, device } = health ?? {};
    const { url, seenAt, inTotal, outTotal, refusedTotal } = this.#lastHealth;
    const retryAt = this.#phase.is === 'broken' ? microsToMillis(this.#phase.retryAt) : null;
    const totals = { url, seenAt, inTotal, outTotal, refusedTotal, retryAt, ...this.#meter.latest() };
    const asks = health && this.#attempt?.asked;
    return {
      bridgeId: this.#settings.id,
      ...this.#standing(health, asks),
      ...totals,
      ...(refused && { refused }),
      ...(frames && { frames }),
      ...(device && { device }),
      ...(asks && { asks }),
    };
  }

  /** The operator ends it. @param next what takes its place; undefined for nothing */
  retire(next: BridgeSettings | undefined): void {
    this.#attempt?.retire(next);
  }

  /** Ends it for good: at once nothing passes any more. Settles when it is closed, at the latest after the attempt's limit, and
   *  never rejects. */
  async end(): Promise<void> {
    this.#ended = true;
    this.#cancelTimer();
    this.#phase = { is: 'off' };
    await this.#attempt?.close();
  }

  #enter(phase: Phase): void {
    this.#phase = phase;
    this.#onState();
  }

  #tryOnce(): void {
    if (this.#ended) return;
    this.#breaker.tryAcquire();
    // While a card is only looked for the state stands.
    if (this.#phase.is !== 'connecting' && !this.#isCardAway) this.#enter({ is: 'connecting' });
    this.#attempt = new BridgeAttempt(this.#settings, {
      ...this.#around,
      log: this.#log,
      onUp: () => this.#comeUp(),
      onFault: (error) => this.#fail(error),
    });
  }

  #comeUp(): void {
    this.#lastFault = undefined;
    this.#cancelTimer = this.#around.clock.after(soundAfter, () => {
      this.#breaker.succeeded();
      this.#backoff.reset();
    });
    this.#log.info('bridge is up');
    this.#enter({ is: 'running' });
  }

  #fail(error: unknown): void {
    const { clock } = this.#around;
    this.#cancelTimer();
    this.#isCardAway = error instanceof UnavailableError && error.code === 'no-network-card';
    // A loose cable is no fault of the bridge.
    if (this.#phase.is === 'running' && !this.#isCardAway) this.#breaker.failed();
    const retryAt = this.#nextTryAt();
    this.#report(error, retryAt);
    const closed = this.#attempt?.close();
    this.#cancelTimer = clock.at(retryAt, () => void closed?.then(() => this.#tryOnce()));
    this.#enter({ is: 'broken', retryAt });
  }

  #nextTryAt(): Micros {
    const after = (wait: Millis): Micros => micros(this.#around.clock.nowMicros() + millisToMicros(wait));
    return this.#isCardAway ? after(retryCard) : (this.#breaker.retryAt() ?? after(this.#backoff.next()));
  }

  #report(error: unknown, retryAt: Micros): void {
    const reason = toWireError(error).message;
    const cause = error instanceof AppError ? error.cause : error;
    const fields = { reason, cause, retryMs: (retryAt - this.#around.clock.nowMicros()) / 1000 };
    // The same fault over and over is one fact for the log; the status says that it lasts.
    if (reason === this.#lastFault) this.#log.debug('bridge is still down', fields);
    else this.#log.warn('bridge is down', fields);
    this.#lastFault = reason;
  }

  #readHealth(): BridgeHealth | undefined {
    const health = this.#attempt?.health();
    if (!health) return undefined;
    const refusedTotal = health.refusedTotal + (this.#attempt?.droppedTotal ?? 0);
    this.#lastHealth = { ...health, refusedTotal, seenAt: health.seenAt ?? this.#lastHealth.seenAt };
    return health;
  }

  #standing(health: BridgeHealth | undefined, asks: number | undefined): Pick<DeviceStatus, 'state' | 'reason'> {
    if (health) return standingOf(health, [this.#warning, this.#attempt?.trouble(asks)]);
    const fault = this.#lastFault;
    if (this.#phase.is === 'broken') return { state: 'broken', reason: `${fault ?? ''} Flyrail keeps trying.`.trim() };
    if (this.#phase.is === 'off') return { state: 'off', reason: 'Switched off.' };
    return { state: 'connecting', reason: fault === undefined ? 'Opening it.' : `Trying again. ${fault}` };
  }
}

/** What lasts until somebody repairs it stands before what the bridge says of the moment. */
function standingOf(
  { state, reason }: BridgeHealth,
  warnings: readonly (string | undefined)[],
): Pick<DeviceStatus, 'state' | 'reason'> {
  const trouble = warnings.filter(Boolean).join(' ');
  if (trouble === '') return { state, reason };
  if (state === 'connected') return { state: 'trouble', reason: trouble };
  return { state, reason: `${trouble} ${reason}`.trim() };
}
