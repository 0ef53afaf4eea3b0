import type { Address } from '../../contract/address.ts';
import type { HttpPoll as HttpPollSettings } from '../../contract/bridges/http-fields.ts';
import type { Cancel } from '../../contract/message-link.ts';
import type { Signal, Value } from '../../contract/signal.ts';
import { millis, type Micros, type Millis } from '../../contract/units.ts';
import type { CallSlots } from '../../core/realtime/call-slots.ts';
import { ChangedValues } from '../../core/realtime/changed-values.ts';
import { awayWaits, busyWaits, retryAfterMax } from '../../core/realtime/retried-outbox.ts';
import { createBackoff, type Backoff } from '../../core/retry/backoff.ts';
import type { Clock } from '../../ports/clock.ts';
import type { HttpAnswer, HttpCaller } from '../../ports/http-caller.ts';
import type { Random } from '../../ports/random.ts';
import { about, faultOf, sentence, statusWords } from './http-faults.ts';
import type { Headers } from './http-login.ts';
import { PollReader, type Placed } from './poll-reader.ts';

export interface HttpPollOptions {
  readonly settings: HttpPollSettings;
  readonly prefix: string;
  /** whole */
  readonly url: string;
  readonly headers: Headers;
  readonly caller: HttpCaller;
  readonly slots: CallSlots;
  readonly clock: Clock;
  readonly random: Random;
  /** The server is there, whatever it says. Called before what it says. */
  readonly onAnswer: () => void;
  readonly onAway: () => void;
  readonly onSignals: (signals: readonly Signal[]) => void;
}

const redirectsMax = 3;
/** The first ones of many polls do not fall together. */
const firstWithin = millis(500);
/** Nor do the next ones: each wait is so much shorter or longer. */
const jitter = 0.05;

/** Asks for one URL again and again, and brings what changed. One answer is awaited at a time. */
export class HttpPoll {
  readonly #options: HttpPollOptions;
  readonly #reader: PollReader;
  readonly #changed: ChangedValues;
  readonly #away: Backoff;
  readonly #busy: Backoff;
  /** settles with the first answer, or the first failure */
  readonly first: Promise<void>;
  #settleFirst: () => void = () => undefined;
  /** what makes a server say that nothing changed */
  #validators: Headers = {};
  #fault: string | undefined;
  #cancel: Cancel = () => undefined;
  #isStopped = false;

  constructor(options: HttpPollOptions) {
    const { settings, prefix, clock, random } = options;
    const { everyMs } = settings;
    this.#options = options;
    this.#reader = new PollReader(prefix, settings);
    this.#changed = new ChangedValues(clock);
    // Who is asked seldom is looked for seldom too.
    const cap = millis(Math.min(Math.max(everyMs, awayWaits.cap), 10_000));
    this.#away = createBackoff({ random, first: awayWaits.first, cap });
    const first = millis(Math.max(everyMs, busyWaits.first));
    this.#busy = createBackoff({ random, first, cap: millis(Math.max(first, busyWaits.cap)) });
    this.first = new Promise((resolve) => (this.#settleFirst = resolve));
  }

  /** Why it has no value, as a sentence; undefined while it works. */
  get fault(): string | undefined {
    return this.#fault;
  }

  start(): void {
    const { random, settings } = this.#options;
    this.#wait(millis(random.fraction() * Math.min(firstWithin, settings.everyMs)));
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancel();
    this.#settleFirst();
  }

  /** Somebody set this address: what the server says of it next is news, and nothing that it was asked before. */
  give(address: Address): void {
    if (this.#changed.give(address)) this.#validators = {};
  }

  /** Whether the server said this last. */
  holds(address: Address, value: Value): boolean {
    return this.#changed.holds(address, value);
  }

  #wait(delay: Millis): void {
    if (this.#isStopped) return;
    const { clock, slots } = this.#options;
    this.#cancel = clock.after(delay, () => {
      this.#cancel = slots.ask((giveBack) => void this.#ask().finally(giveBack));
    });
  }

  async #ask(): Promise<void> {
    const { caller, url, headers, settings, clock } = this.#options;
    const askedAt = clock.nowMicros();
    const { timeoutMs } = settings;
    const call = { method: 'GET', url, headers: { ...headers, ...this.#validators }, timeoutMs, redirectsMax } as const;
    const answer = await caller.call(call).catch((error: unknown) => faultOf(error));
    if (this.#isStopped) return;
    if ('words' in answer) this.#fail(answer.words, answer.kind === 'away');
    else this.#hear(answer, askedAt);
    this.#settleFirst();
  }

  #hear(answer: HttpAnswer, askedAt: Micros): void {
    const { url, settings, clock, random, onAnswer } = this.#options;
    const { status, retryAfter = 0 } = answer;
    onAnswer();
    this.#away.reset();
    if (status !== 304 && (status < 200 || status > 299)) {
      this.#validators = {};
      this.#fault = about(sentence(statusWords(status)), url);
      return this.#wait(millis(Math.max(this.#busy.next(), Math.min(retryAfter * 1000, retryAfterMax))));
    }
    this.#busy.reset();
    if (status === 304) this.#fault = undefined;
    else this.#take(answer, askedAt);
    const spentMs = (clock.nowMicros() - askedAt) / 1000;
    const every = settings.everyMs * (1 + jitter * (2 * random.fraction() - 1));
    // A server that takes its time is left some.
    return this.#wait(millis(Math.max(every - spentMs, every / 10)));
  }

  #take(answer: HttpAnswer, askedAt: Micros): void {
    const { url, onSignals } = this.#options;
    const placed = this.#reader.read(answer);
    this.#validators = {};
    if (typeof placed === 'string') {
      this.#fault = about(`Its answer is of no use: ${placed}`, url);
      return;
    }
    this.#fault = undefined;
    const found = placed.map((each) => [each, this.#changed.look(each.address, each.value, askedAt)] as const);
    // What is left aside now has to come again.
    if (found.every(([, change]) => change !== 'past')) this.#validators = validatorsOf(answer);
    const signals = found.filter(([, change]) => this.#isWanted(change)).map(([each]) => this.#signalOf(each));
    if (signals.length > 0) onSignals(signals);
  }

  /** What stood there before is no event. */
  #isWanted(change: ReturnType<ChangedValues['look']>): boolean {
    const { publish, kind } = this.#options.settings;
    if (change === 'past') return false;
    return publish === 'always' || change === 'changed' || (change === 'first' && kind === 'param');
  }

  #signalOf({ address, value }: Placed): Signal {
    return { kind: this.#options.settings.kind, address, value };
  }

  #fail(words: string, isAway: boolean): void {
    const { url, settings, onAway } = this.#options;
    this.#fault = about(words, url);
    this.#validators = {};
    // A server that was away may have come back as another; its events go on from where they were.
    if (settings.kind === 'param') this.#changed.forget();
    onAway();
    this.#wait((isAway ? this.#away : this.#busy).next());
  }
}

/** @see RFC 9110, 13.1 */
function validatorsOf({ headers }: HttpAnswer): Headers {
  const { etag, 'last-modified': modified } = headers;
  return {
    ...(etag !== undefined && { 'if-none-match': etag }),
    ...(modified !== undefined && { 'if-modified-since': modified }),
  };
}
