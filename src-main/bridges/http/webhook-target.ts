import { tryAddress, type Address } from '../../contract/address.ts';
import type { HttpWebhook } from '../../contract/bridges/http-fields.ts';
import { messageOf } from '../../contract/errors.ts';
import { readJsonPath, tryJsonPath } from '../../contract/json-path.ts';
import type { Signal, Value } from '../../contract/signal.ts';
import { millis, type Millis } from '../../contract/units.ts';
import type { CallSlots } from '../../core/realtime/call-slots.ts';
import { RetriedOutbox, type Delivery, type DeliveryOutcome } from '../../core/realtime/retried-outbox.ts';
import type { Clock } from '../../ports/clock.ts';
import type { HttpAnswer, HttpCaller } from '../../ports/http-caller.ts';
import type { Random } from '../../ports/random.ts';
import { about, faultOf, isWorthRepeating, statusWords } from './http-faults.ts';
import type { Headers } from './http-login.ts';
import { jsonOf, valueOf } from './poll-reader.ts';
import { WebhookRequests } from './webhook-request.ts';
import { signatureHeaders } from './webhook-signature.ts';

export interface WebhookTargetOptions {
  readonly settings: HttpWebhook;
  readonly prefix: string;
  /** whole, with its holes */
  readonly url: string;
  readonly headers: Headers;
  /** of the signature */
  readonly secret: string | undefined;
  readonly caller: HttpCaller;
  readonly slots: CallSlots;
  readonly eventsMax: number;
  readonly eventsWait: Millis;
  readonly clock: Clock;
  readonly random: Random;
  readonly onAnswer: () => void;
  readonly onAway: () => void;
  readonly onSent: () => void;
  readonly onRefused: (address: string, why: string) => void;
  readonly onSignals: (signals: readonly Signal[]) => void;
}

/** One signal on its way to one target. */
interface Message {
  readonly signal: Signal;
  readonly path: Address;
  /** the same in every try, so that a receiver can tell a repeated one */
  readonly id: string;
}

/** One webhook: what it covers is sent until its server has it, or says that it will not. */
export class WebhookTarget {
  readonly #options: WebhookTargetOptions;
  readonly #requests: WebhookRequests;
  readonly #outbox: RetriedOutbox<Message>;
  readonly #run: string;
  #count = 0;

  constructor(options: WebhookTargetOptions) {
    const { settings, url, random, onSent, onRefused } = options;
    this.#options = options;
    this.#run = random.uuid();
    this.#requests = new WebhookRequests(settings, url);
    this.#outbox = new RetriedOutbox<Message>({
      ...options,
      send: (message) => this.#send(message),
      onSent,
      onRefused: ({ path }, why) => onRefused(path, why),
    });
  }

  get waiting(): RetriedOutbox<unknown>['waiting'] {
    return this.#outbox.waiting;
  }

  /** Why what waits was not delivered yet, as a sentence; undefined while all goes well. */
  get fault(): string | undefined {
    const { fault } = this.#outbox;
    return fault === undefined ? undefined : about(fault, this.#options.url);
  }

  /** @param path under the prefix */
  covers(signal: Signal, path: Address): boolean {
    return this.#requests.covers(signal, path);
  }

  /** @param path under the prefix; covered */
  give(signal: Signal, path: Address): void {
    const request = this.#requests.make(signal, path);
    if (typeof request === 'string') return this.#options.onRefused(path, request);
    const message = { signal, path, id: `${this.#run}-${++this.#count}` };
    this.#outbox.put({ key: path, flow: flowOf(signal), message });
  }

  /** @returns how many were not delivered */
  stop(): number {
    return this.#outbox.close();
  }

  async #send({ signal, path, id }: Message): Promise<DeliveryOutcome> {
    // Made anew for each try: what waits is a value that the router has anyway, and no body.
    const request = this.#requests.make(signal, path);
    if (typeof request === 'string') return { refused: request };
    const { settings, headers, secret, caller, clock } = this.#options;
    const { url, body, contentType, answerTo } = request;
    const signed =
      settings.signature && secret !== undefined
        ? signatureHeaders(settings.signature, secret, { id, at: clock.nowMicros(), body: body ?? new Uint8Array() })
        : {};
    const answer = await caller
      .call({
        method: settings.method,
        url,
        headers: { ...(body && { 'content-type': contentType }), ...headers, 'idempotency-key': id, ...signed },
        ...(body && { body }),
        timeoutMs: settings.timeoutMs,
        isStatusEnough: answerTo === '',
      })
      .catch((error: unknown) => faultOf(error));
    return 'words' in answer ? this.#failed(answer) : this.#answered(answer, path, answerTo);
  }

  #failed({ words, kind }: ReturnType<typeof faultOf>): DeliveryOutcome {
    if (kind === 'never') {
      this.#options.onAnswer();
      return { refused: words.charAt(0).toLowerCase() + words.slice(1, -1) };
    }
    this.#options.onAway();
    return { again: words, isAway: kind === 'away' };
  }

  #answered(answer: HttpAnswer, path: Address, answerTo: string): DeliveryOutcome {
    const { status, retryAfter } = answer;
    this.#options.onAnswer();
    if (isWorthRepeating(status)) {
      const after = retryAfter === undefined ? undefined : millis(retryAfter * 1000);
      return { again: `The server ${statusWords(status).replace(/^it /, '')}.`, isAway: false, after };
    }
    if (status < 200 || status > 299) return { refused: statusWords(status) };
    if (answerTo !== '') this.#bring(answer, path, answerTo);
    return 'sent';
  }

  #bring(answer: HttpAnswer, path: Address, answerTo: string): void {
    const { prefix, onSignals, onRefused } = this.#options;
    const address = tryAddress(prefix + answerTo);
    try {
      const value = this.#valueIn(answer);
      if (!address) return onRefused(path, 'the place of its answer is no address');
      if (!value) return onRefused(path, `its answer has no ${this.#options.settings.answerPath}`);
      onSignals([{ kind: 'param', address, value }]);
    } catch (error) {
      onRefused(path, `its answer is of no use: ${messageOf(error).replace(/\.$/, '')}`);
    }
  }

  #valueIn(answer: HttpAnswer): Value | undefined {
    const { answerPath, numbers } = this.#options.settings;
    const path = tryJsonPath(answerPath) ?? [];
    return path.length === 0 ? valueOf(answer, 'auto', numbers) : readJsonPath(jsonOf(answer, numbers), path);
  }
}

/** A gesture begins and ends for sure, and in between its newest place counts. */
function flowOf(signal: Signal): Delivery<unknown>['flow'] {
  if (signal.kind === 'gesture') return signal.phase === 'move' ? 'stream' : 'event';
  return signal.kind === 'timeline' ? 'event' : signal.kind;
}
