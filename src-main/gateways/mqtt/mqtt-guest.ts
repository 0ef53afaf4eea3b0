import { Buffer } from 'node:buffer';
import type { PublishPacket, Subscription } from 'aedes';
import { tryAddress } from '../../contract/address.ts';
import { InputError, LimitError, UnavailableError } from '../../contract/errors.ts';
import type { Cancel } from '../../contract/message-link.ts';
import { filterFault, topicMatcher } from '../../contract/mqtt-topics.ts';
import { carriedValue, type Signal } from '../../contract/signal.ts';
import { pathOfTopic, topicOfPath } from '../../core/realtime/topic-levels.ts';
import { decodePayload, encodeMessage } from '../../platform/payload-codec.ts';
import type { ForeignClient } from '../../ports/gateway.ts';
import type { BrokerFigures } from './broker-figures.ts';
import { patternOfFilter } from './filter-pattern.ts';
import type { GuestOutbox } from './guest-outbox.ts';

/** Filters of one client. */
export const filtersMax = 1000;
/** Messages of QoS 2 that a client leaves open. */
export const openInboundMax = 100;

const codec = { payload: 'auto', numbers: 'float' } as const;

export interface MqttGuestOptions {
  readonly session: ForeignClient;
  readonly outbox: GuestOutbox;
  readonly figures: BrokerFigures;
  readonly prefix: string;
  readonly plain: 'param' | 'event';
  /** the client's session outlives its connection */
  readonly isKept: boolean;
  /** something cannot be sent */
  readonly onShed: () => void;
}

/** A filter that the client has. It gives nothing once another one took its place. */
interface Filter {
  cancel: Cancel | undefined;
  isOver: boolean;
}

/** One MQTT client as it stands in the router, over all connections of its session. */
export class MqttGuest {
  readonly isKept: boolean;
  readonly outbox: GuestOutbox;
  readonly #options: MqttGuestOptions;
  readonly #filters = new Map<string, Filter>();
  /** packet ids of QoS 2 for which PUBREL has not come, with what became of them */
  readonly #inbound = new Map<number, Promise<void>>();
  #isClosed = false;

  constructor(options: MqttGuestOptions) {
    this.#options = options;
    this.isKept = options.isKept;
    this.outbox = options.outbox;
  }

  get filterCount(): number {
    return this.#filters.size;
  }

  /** [MQTT 3.1.1, 4.3.3] What comes again in QoS 2, over this connection or the next one, is taken once.
   *  @throws as a rejection: AppError why the router does not take it; UnavailableError where nobody knows whether it has it, and
   *  no answer may go */
  publish(packet: PublishPacket): Promise<void> {
    const { qos, messageId } = packet;
    if (qos !== 2 || messageId === undefined) return this.#publish(packet);
    const before = this.#inbound.get(messageId);
    if (before) return before;
    if (this.#inbound.size >= openInboundMax)
      return Promise.reject(new UnavailableError('link-closed', 'Too many of its messages wait for PUBREL.'));
    const done = this.#publish(packet);
    this.#inbound.set(messageId, done);
    done.catch((error: unknown) => {
      if (error instanceof UnavailableError) this.#inbound.delete(messageId);
    });
    return done;
  }

  /** @returns whether PUBREL is awaited for it */
  awaitsRelease(messageId: number): boolean {
    return this.#inbound.has(messageId);
  }

  released(messageId: number): void {
    this.#inbound.delete(messageId);
  }

  /** What stands comes as retained messages, then what changes.
   *  @throws as a rejection: AppError why the router does not give it */
  async subscribe({ topic, qos }: Subscription): Promise<void> {
    const fault = filterFault(topic);
    if (fault !== undefined) throw new InputError('bad-pattern', fault);
    if (this.#filters.size >= filtersMax && !this.#filters.has(topic))
      throw new LimitError('too-many-subscriptions', `A client has at most ${filtersMax} filters.`);
    const before = this.#filters.get(topic);
    const filter: Filter = { cancel: undefined, isOver: false };
    // The router has no room for twice as many: then the new one comes after the old one.
    const isEarly = before !== undefined && this.#filters.size * 2 > filtersMax;
    if (isEarly) end(before);
    this.#filters.set(topic, filter);
    try {
      filter.cancel = await this.#listen(topic, qosOf(qos), () => ({ filter, before }));
    } catch (error) {
      if (this.#filters.get(topic) === filter) this.#putBack(topic, isEarly ? undefined : before);
      throw error;
    }
    // [MQTT 3.1.1, 3.8.4-3] Without a gap: the old one gives what happens until the new one stands.
    end(before);
    if (this.#isClosed || this.#filters.get(topic) !== filter) end(filter);
  }

  unsubscribe(topics: readonly string[]): void {
    for (const topic of topics) {
      end(this.#filters.get(topic));
      this.#filters.delete(topic);
    }
  }

  close(reason: string): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.outbox.clear();
    this.unsubscribe([...this.#filters.keys()]);
    this.#options.session.close(reason);
  }

  async #publish({ topic, payload, retain }: PublishPacket): Promise<void> {
    const { session, prefix, plain } = this.#options;
    const address = topic.startsWith('$') ? undefined : tryAddress(prefix + pathOfTopic(topic));
    if (address === undefined) throw new InputError('bad-address', 'Its topic makes no address here.');
    const bytes = typeof payload === 'string' ? Buffer.from(payload) : payload;
    await session.publish({ kind: retain ? 'param' : plain, address, value: decodePayload(bytes, codec) });
  }

  async #listen(
    topic: string,
    qos: 0 | 1 | 2,
    pair: () => { readonly filter: Filter; readonly before: Filter | undefined },
  ): Promise<Cancel> {
    const { prefix, session, figures } = this.#options;
    const isOwn = topic.startsWith('$');
    if (isOwn && !/^\$SYS(\/|$)/.test(topic)) throw new InputError('bad-pattern', 'There are no such topics here.');
    const pattern = patternOfFilter(isOwn ? '' : prefix, topic);
    if (pattern === undefined) throw new InputError('bad-pattern', 'Its filter is too long.');
    const covers = topicMatcher(topic);
    if (isOwn) {
      // Who may read them is said as for addresses.
      (await session.subscribe(pattern, () => undefined))();
      return figures.watch(covers, (name, payload, retain) => {
        // Nobody wants the past of them.
        if (this.outbox.isThere) this.#put({ topic: name, payload: Buffer.from(payload), qos, retain, kind: 'param' });
      });
    }
    return session.subscribe(pattern, (signal, isStanding) => {
      const { filter, before } = pair();
      const isGiven = before?.isOver === false && !isStanding;
      if (!filter.isOver && !isGiven) this.#deliver(signal, { qos, isStanding, covers });
    });
  }

  #putBack(topic: string, before: Filter | undefined): void {
    if (before) this.#filters.set(topic, before);
    else this.#filters.delete(topic);
  }

  #deliver(
    signal: Signal,
    { qos, isStanding, covers }: { qos: 0 | 1 | 2; isStanding: boolean; covers: (topic: string) => unknown },
  ): void {
    if (signal.kind === 'timeline') return;
    const path = signal.address.slice(this.#options.prefix.length);
    if (!path.startsWith('/') || path === '/') return;
    const topic = topicOfPath(path);
    // Wildcards stand for more in the router: `#` there covers `$…` too.
    if (!covers(topic)) return;
    if (isStanding && signal.value.type === 'null') return;
    const isLevel = signal.kind === 'stream' || signal.kind === 'gesture';
    let payload: Buffer;
    try {
      payload = payloadOf(signal);
    } catch {
      return this.#options.onShed();
    }
    this.#put({ topic, payload, qos: isLevel ? 0 : qos, retain: isStanding, kind: signal.kind });
  }

  #put(message: Parameters<GuestOutbox['put']>[0]): void {
    if (!this.#isClosed) this.outbox.put(message);
  }
}

function end(filter: Filter | undefined): void {
  if (!filter) return;
  filter.isOver = true;
  filter.cancel?.();
  filter.cancel = undefined;
}

function payloadOf(signal: Signal): Buffer {
  return encodeMessage(carriedValue(signal), codec);
}

function qosOf(qos: number): 0 | 1 | 2 {
  return qos === 1 || qos === 2 ? qos : 0;
}
