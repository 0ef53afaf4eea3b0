import { AppError } from '../../contract/errors.ts';
import type { Micros } from '../../contract/units.ts';
import type { Log } from '../../ports/log.ts';
import { correlationOf } from '../protocol/correlation.ts';
import { decodeFrame } from '../protocol/frame.ts';
import {
  messageType,
  type AckMessage,
  type ErrorMessage,
  type Message,
  type PublishMessage,
  type ResultMessage,
  type SetMessage,
  type SnapshotMessage,
  type SyncMessage,
} from '../protocol/messages.ts';
import type { Arrivals } from './arrivals.ts';
import type { Answer, Request } from './outgoing.ts';
import { refusalError } from './refusal-error.ts';
import type { PastPages } from './past-pages.ts';
import type { Sender } from './sender.ts';
import type { SubscriptionArrivals } from './subscription-arrivals.ts';
import type { Subscriptions } from './subscriptions.ts';

export interface IncomingOptions {
  readonly sender: Sender;
  readonly subscriptions: Subscriptions;
  readonly log: Log;
  readonly onPing: () => void;
  readonly onSync: (message: SyncMessage) => void;
  /** an ERROR that answers no request and no subscription */
  readonly onNotice: (error: AppError) => void;
  /** hears what comes of a SUBSCRIBE, and that it has come */
  readonly pages: Pick<PastPages, 'hear'>;
  readonly arrivals: Pick<SubscriptionArrivals, 'heard' | 'acknowledged' | 'forget'>;
  /** counts what must arrive */
  readonly counted: Pick<Arrivals, 'heard' | 'begin'>;
}

/** Takes what an open session hears to whom it is meant for. */
export class Incoming {
  badFramesTotal = 0;
  /** messages that routers do not send, or that answer nothing */
  ignoredTotal = 0;
  readonly #options: IncomingOptions;

  constructor(options: IncomingOptions) {
    this.#options = options;
  }

  /** @param bytes one frame; not kept. What cannot be decoded is counted and has no other effect. */
  hear(bytes: Uint8Array): void {
    this.#options.counted.heard(bytes);
    try {
      const { message, timestamp } = decodeFrame(bytes);
      this.#take(message, timestamp);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      this.badFramesTotal++;
      this.#options.log.debug('undecodable frame', { reason: error.message });
    }
  }

  #take(message: Message, id: bigint | undefined): void {
    const { subscriptions, onPing, onSync } = this.#options;
    switch (message.type) {
      case messageType.set:
        if (id !== undefined && this.#takePast(message, Number(id) as Micros)) return;
        return subscriptions.deliver(message);
      case messageType.publish:
        return this.#takePublish(message, id);
      case messageType.bundle:
        for (const inner of message.messages) this.#take(inner, undefined);
        return;
      case messageType.snapshot:
        return this.#takeSnapshot(message, id);
      case messageType.ack:
        return this.#takeAck(message);
      case messageType.error:
        return this.#takeError(message);
      case messageType.result:
        return this.#takeResult(message, id);
      case messageType.sync:
        return onSync(message);
      case messageType.ping:
        return onPing();
      default:
        this.ignoredTotal++;
    }
  }

  /** How a timeline stands comes once with a subscription, and for that one alone. */
  #takePublish(message: PublishMessage, id: bigint | undefined): void {
    const { subscriptions, arrivals } = this.#options;
    const only = id === undefined || message.kind !== 'timeline' ? undefined : subscriptions.findAsked(id);
    if (only) arrivals.heard(only, `timeline ${message.address}`);
    // Live frames of CLASP routers have no time of their own.
    else if (id !== undefined && this.#takePast(message, Number(id) as Micros)) return;
    subscriptions.deliver(message, only);
  }

  /** Of a subscription or of a replay: the two are never on their way together. */
  #takePast(message: SetMessage | PublishMessage, pastAt: Micros): boolean {
    const { subscriptions, pages } = this.#options;
    return subscriptions.deliverPast(message, pastAt) || pages.hear(message, pastAt);
  }

  #takeAck(message: AckMessage): void {
    const { sender, subscriptions, arrivals, counted } = this.#options;
    if (counted.begin(message)) return;
    const { correlationId, revision } = message;
    // That of what was there already has a revision.
    if (correlationId !== undefined && revision === undefined && subscriptions.endPast(correlationId)) return;
    const request = this.#requestOf(message) ?? sender.tickets.takeAck(message);
    if (request) return this.#finish(request, message);
    const subscription = correlationId === undefined ? undefined : subscriptions.findAsked(correlationId);
    if (!subscription) return;
    arrivals.acknowledged(subscription, Number(revision ?? 0n));
    // Where frames get lost, what has not come may be there all the same.
    const isSure = revision !== undefined && sender.line?.connection.reliable === true;
    subscriptions.granted(subscription, isSure ? Number(revision) : undefined);
  }

  #takeSnapshot({ params }: SnapshotMessage, id: bigint | undefined): void {
    const { sender, subscriptions, arrivals } = this.#options;
    const asked = id === undefined ? undefined : this.#sentAs(id);
    if (asked) {
      for (const param of params) this.#finish(asked, param);
      return;
    }
    const only = id === undefined ? undefined : subscriptions.findAsked(id);
    for (const param of params) {
      for (const request of sender.tickets.takeGets(param.address)) this.#finish(request, param);
      if (only) arrivals.heard(only, param.address);
      subscriptions.deliver(param, only);
    }
  }

  #takeResult(message: ResultMessage, id: bigint | undefined): void {
    this.#finish(id === undefined ? this.#options.sender.tickets.firstQuery() : this.#sentAs(id), message);
  }

  #takeError(message: ErrorMessage): void {
    const { sender, subscriptions, arrivals, onNotice } = this.#options;
    const { correlationId, address } = message;
    const request = this.#requestOf(message) ?? sender.tickets.takeError(message);
    if (request !== undefined && request !== 'nobody') return this.#finish(request, message);
    const refused =
      correlationId !== undefined
        ? subscriptions.findAsked(correlationId)
        : request === undefined && address !== undefined
          ? subscriptions.findPattern(address)
          : undefined;
    const error = refusalError(message);
    if (!refused) return onNotice(error);
    if (refused.isGranted) {
      // It stands, so this is about the past that it asked for.
      if (!subscriptions.tellOfCut(refused, error)) onNotice(error);
      return;
    }
    arrivals.forget(refused);
    subscriptions.refuse(refused, error);
  }

  #requestOf({ correlationId }: AckMessage | ErrorMessage): Request | undefined {
    return correlationId === undefined ? undefined : this.#options.sender.requests.find(correlationId);
  }

  #sentAs(id: bigint): Request | undefined {
    const request = this.#options.sender.requests.find(correlationOf(id));
    return request?.id === id ? request : undefined;
  }

  #finish(request: Request | undefined, answer: Answer): void {
    const { requests } = this.#options.sender;
    if (!request?.take(answer)) return;
    requests.end(request);
    this.#options.sender.answered();
  }
}
