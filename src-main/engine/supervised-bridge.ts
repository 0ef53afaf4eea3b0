import { parseAddress, parsePattern, type Pattern } from '../contract/address.ts';
import type { DeviceStatus } from '../contract/device.ts';
import { AppError, BugError, toWireError } from '../contract/errors.ts';
import type { Cancel } from '../contract/message-link.ts';
import type { Bridge as BridgeSettings } from '../contract/show.ts';
import type { Signal } from '../contract/signal.ts';
import { microsToMillis, millis, millisToMicros, micros, type Micros } from '../contract/units.ts';
import { createBackoff, type Backoff } from '../core/retry/backoff.ts';
import { createCircuitBreaker, type CircuitBreaker } from '../core/retry/circuit-breaker.ts';
import { settleWithin } from '../core/retry/settle-within.ts';
import type { Bridge, BridgeHealth } from '../ports/bridge.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Random } from '../ports/random.ts';
import { createPublishLimit, type PublishLimit } from './publish-limit.ts';
import { createTrafficMeter, type TrafficMeter } from './traffic-meter.ts';

/** What a bridge needs of the router; it does not hear what it published itself. */
export interface BridgeSession {
  publish(signals: readonly Signal[]): void;
  subscribe(pattern: Pattern, run: (deliveries: readonly { readonly signal: Signal }[]) => void): Cancel;
  close(): void;
}

export interface BridgeSurroundings {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** makes a bridge of this kind, not yet started; its library is loaded here */
  readonly load: (settings: BridgeSettings) => Promise<Bridge>;
  readonly connect: (settings: BridgeSettings) => BridgeSession;
  /** the params that a pattern covers as they stand now, for a bridge that has just come up; without those it wrote last
   *  itself, since its device has them from nobody else */
  readonly current?: (pattern: Pattern, settings: BridgeSettings) => readonly Signal[];
}

/** Waits between tries while a bridge does not come up. */
export const retryFirst = millis(500);
export const retryCap = millis(15_000);
/** A bridge that comes up and breaks this often within this time is left alone for the rest, so that it does not flap on
 *  stage. One that does not come up does not flap. */
export const breaksMax = 5;
export const breaksWindow = millis(60_000);
export const breaksRest = millis(30_000);
/** After this long without a fault a bridge counts as sound again. */
export const soundAfter = millis(30_000);
/** A stop that takes longer is no longer waited for; it goes on behind. */
export const stopLimit = millis(2000);

/** From loading to closing. */
interface Attempt {
  over: boolean;
  bridge?: Bridge;
  session?: BridgeSession;
  limit?: PublishLimit;
  /** settles, never rejects, when loading and starting are behind it */
  opening?: Promise<void>;
  /** settles, never rejects, when it is closed or no longer waited for */
  closed?: Promise<void>;
}

type Phase =
  | { readonly is: 'off' | 'connecting' }
  | { readonly is: 'running'; readonly bridge: Bridge }
  | { readonly is: 'broken'; readonly retryAt: Micros };

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
  #attempt: Attempt | undefined;
  #lastFault: string | undefined;
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

  /** A new name or number. */
  rename(settings: BridgeSettings): void {
    this.#settings = settings;
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
    const standing = this.#standing(this.#readHealth());
    const { url, seenAt, inTotal, outTotal, refusedTotal } = this.#lastHealth;
    const retryAt = this.#phase.is === 'broken' ? microsToMillis(this.#phase.retryAt) : null;
    const totals = { url, seenAt, inTotal, outTotal, refusedTotal, retryAt, ...this.#meter.latest() };
    return { bridgeId: this.#settings.id, ...standing, ...totals };
  }

  /** Ends it for good: at once nothing passes any more. Settles when it is closed, at the latest after `stopLimit`, and
   *  never rejects. */
  async end(): Promise<void> {
    this.#ended = true;
    this.#cancelTimer();
    this.#phase = { is: 'off' };
    if (this.#attempt) await this.#close(this.#attempt);
  }

  #enter(phase: Phase): void {
    this.#phase = phase;
    this.#onState();
  }

  #tryOnce(): void {
    if (this.#ended) return;
    this.#breaker.tryAcquire();
    const attempt: Attempt = { over: false };
    this.#attempt = attempt;
    attempt.opening = this.#open(attempt).catch((error: unknown) => this.#fail(attempt, error));
  }

  async #open(attempt: Attempt): Promise<void> {
    if (this.#phase.is !== 'connecting') this.#enter({ is: 'connecting' });
    const pattern = parsePattern(`${parseAddress(this.#settings.settings.prefix)}/**`);
    const bridge = await this.#around.load(this.#settings);
    if (isOver(attempt)) return;
    const session = this.#around.connect(this.#settings);
    const limit = createPublishLimit(this.#around.clock, (batch) => session.publish(batch));
    attempt.bridge = bridge;
    attempt.session = session;
    attempt.limit = limit;
    await bridge.start({
      publish: (batch) => {
        if (!attempt.over) limit.publish(batch);
      },
      fault: (reason) => this.#fail(attempt, reason),
    });
    if (isOver(attempt)) return;
    this.#lastFault = undefined;
    session.subscribe(pattern, (deliveries) =>
      this.#apply(
        attempt,
        deliveries.map(({ signal }) => signal),
      ),
    );
    this.#apply(attempt, this.#around.current?.(pattern, this.#settings) ?? []);
    if (!isOver(attempt)) this.#comeUp(bridge);
  }

  #comeUp(bridge: Bridge): void {
    this.#cancelTimer = this.#around.clock.after(soundAfter, () => {
      this.#breaker.succeeded();
      this.#backoff.reset();
    });
    this.#log.info('bridge is up');
    this.#enter({ is: 'running', bridge });
  }

  #apply(attempt: Attempt, batch: readonly Signal[]): void {
    if (attempt.over || batch.length === 0) return;
    try {
      attempt.bridge?.apply(batch);
    } catch (cause) {
      // It may not throw there. One that does is taken down alone; the router and the other bridges go on.
      this.#fail(attempt, brokenInside(cause));
    }
  }

  #fail(attempt: Attempt, error: unknown): void {
    if (attempt.over) return;
    const { clock } = this.#around;
    this.#cancelTimer();
    if (this.#phase.is === 'running') this.#breaker.failed();
    const retryAt = this.#breaker.retryAt() ?? micros(clock.nowMicros() + millisToMicros(this.#backoff.next()));
    this.#report(error, retryAt);
    const closed = this.#close(attempt);
    this.#cancelTimer = clock.at(retryAt, () => void closed.then(() => this.#tryOnce()));
    this.#enter({ is: 'broken', retryAt });
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

  #close(attempt: Attempt): Promise<void> {
    attempt.over = true;
    attempt.limit?.stop();
    attempt.session?.close();
    attempt.closed ??= settleWithin(this.#around.clock, stopLimit, this.#shut(attempt)).then((inTime) => {
      if (!inTime) this.#log.warn('bridge takes long to stop', { waitedMs: stopLimit });
    });
    return attempt.closed;
  }

  async #shut(attempt: Attempt): Promise<void> {
    await attempt.opening;
    try {
      await attempt.bridge?.stop();
    } catch (cause) {
      this.#log.warn('bridge did not stop in order', { cause });
    }
  }

  #readHealth(): BridgeHealth | undefined {
    if (this.#phase.is !== 'running') return undefined;
    try {
      const health = this.#phase.bridge.status();
      const refusedTotal = health.refusedTotal + (this.#attempt?.limit?.droppedTotal() ?? 0);
      this.#lastHealth = { ...health, refusedTotal, seenAt: health.seenAt ?? this.#lastHealth.seenAt };
      return health;
    } catch (cause) {
      if (this.#attempt) this.#fail(this.#attempt, brokenInside(cause));
      return undefined;
    }
  }

  #standing(health: BridgeHealth | undefined): Pick<DeviceStatus, 'state' | 'reason'> {
    const trouble = [this.#attempt?.limit?.trouble(), this.#warning].filter(Boolean).join(' ');
    if (health?.state === 'connected' && trouble !== '') return { state: 'trouble', reason: trouble };
    if (health) return { state: health.state, reason: health.reason };
    const fault = this.#lastFault;
    if (this.#phase.is === 'broken') return { state: 'broken', reason: `${fault ?? ''} Flyrail keeps trying.`.trim() };
    if (this.#phase.is === 'off') return { state: 'off', reason: 'Switched off.' };
    return { state: 'connecting', reason: fault === undefined ? 'Opening it.' : `Trying again. ${fault}` };
  }
}

/** Asked anew after every wait, since what was true before it need not be true after. */
function isOver(attempt: Attempt): boolean {
  return attempt.over;
}

function brokenInside(cause: unknown): BugError {
  return new BugError('Something inside this bridge failed.', {}, { cause });
}
