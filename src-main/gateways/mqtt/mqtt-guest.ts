import type { Socket } from 'node:net';
import type { Client, PublishPacket, Subscription } from 'aedes';
import { tryAddress } from '../../contract/address.ts';
import { InputError, LimitError } from '../../contract/errors.ts';
import type { Cancel } from '../../contract/message-link.ts';
import { filterFault, topicMatcher } from '../../contract/mqtt-topics.ts';
import { carriedValue, type Signal } from '../../contract/signal.ts';
import { pathOfTopic, topicOfPath } from '../../core/realtime/topic-levels.ts';
import { decodePayload, encodePayload } from '../../platform/mqtt-payload.ts';
import type { ForeignClient } from '../../ports/gateway.ts';
import { patternOfFilter } from './filter-pattern.ts';

/** Filters of one client. */
export const filtersMax = 1000;
/** Bytes that wait for a client's network; past them values wait as the newest of their topic, and events are left out. */
const unwrittenMax = 512 * 1024;
const waitingMax = 10_000;

const codec = { payload: 'auto', numbers: 'float' } as const;

interface MqttGuestOptions {
  readonly client: Client;
  readonly socket: Socket;
  readonly session: ForeignClient;
  readonly prefix: string;
  readonly plain: 'param' | 'event';
  /** something was left out, since it reads too slowly */
  readonly onShed: () => void;
}

interface Outgoing {
  readonly topic: string;
  readonly payload: Buffer;
  readonly qos: 0 | 1 | 2;
  readonly retain: boolean;
}

/** One MQTT client as it stands in the router. */
export class MqttGuest {
  readonly #options: MqttGuestOptions;
  readonly #filters = new Map<string, Cancel | undefined>();
  /** by topic, while the client reads slowly */
  readonly #waiting = new Map<string, Outgoing>();
  /** what came before CONNACK was sent: filters of a session that is taken up again bring it */
  #early: { readonly message: Outgoing; readonly kind: Signal['kind'] }[] | undefined = [];
  #isDraining = false;
  #isClosed = false;

  constructor(options: MqttGuestOptions) {
    this.#options = options;
  }

  /** CONNACK was sent. [MQTT 3.1.1, 3.2] nothing goes before it. */
  open(): void {
    const early = this.#early ?? [];
    this.#early = undefined;
    for (const { message, kind } of early) this.#send(message, kind);
  }

  /** @throws as a rejection: AppError why the router does not take it */
  async publish({ topic, payload, retain }: PublishPacket): Promise<void> {
    const { session, prefix, plain } = this.#options;
    const address = topic.startsWith('$') ? undefined : tryAddress(prefix + pathOfTopic(topic));
    if (address === undefined) throw new InputError('bad-address', 'Its topic makes no address here.');
    const bytes = typeof payload === 'string' ? Buffer.from(payload) : payload;
    const value = decodePayload(bytes, codec);
    await session.publish({ kind: retain ? 'param' : plain, address, value });
  }

  /** What stands comes as retained messages, then what changes.
   *  @throws as a rejection: AppError why the router does not give it */
  async subscribe({ topic, qos }: Subscription): Promise<void> {
    const fault = filterFault(topic);
    if (fault !== undefined) throw new InputError('bad-pattern', fault);
    if (this.#filters.size >= filtersMax && !this.#filters.has(topic))
      throw new LimitError('too-many-subscriptions', `A client has at most ${filtersMax} filters.`);
    // Topics of the broker's own: there are none, and asking for them is no fault.
    if (topic.startsWith('$')) return void this.#filters.set(topic, undefined);
    const pattern = patternOfFilter(this.#options.prefix, topic);
    if (pattern === undefined) throw new InputError('bad-pattern', 'Its filter is too long.');
    const covers = topicMatcher(topic);
    this.#filters.get(topic)?.();
    this.#filters.set(topic, undefined);
    const cancel = await this.#options.session.subscribe(pattern, (signal, isStanding) =>
      this.#deliver(signal, { qos: qosOf(qos), isStanding, covers }),
    );
    if (this.#isClosed || !this.#filters.has(topic)) cancel();
    else this.#filters.set(topic, cancel);
  }

  unsubscribe(topics: readonly string[]): void {
    for (const topic of topics) {
      this.#filters.get(topic)?.();
      this.#filters.delete(topic);
    }
  }

  close(reason: string): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#waiting.clear();
    for (const cancel of this.#filters.values()) cancel?.();
    this.#filters.clear();
    this.#options.session.close(reason);
  }

  #deliver(
    signal: Signal,
    { qos, isStanding, covers }: { qos: 0 | 1 | 2; isStanding: boolean; covers: (topic: string) => unknown },
  ): void {
    if (this.#isClosed || signal.kind === 'timeline') return;
    const path = signal.address.slice(this.#options.prefix.length);
    if (!path.startsWith('/') || path === '/') return;
    const topic = topicOfPath(path);
    // Wildcards stand for more in the router: `#` there covers `$…` too.
    if (!covers(topic)) return;
    if (isStanding && signal.value.type === 'null') return;
    const isLevel = signal.kind === 'stream' || signal.kind === 'gesture';
    try {
      this.#send({ topic, payload: payloadOf(signal), qos: isLevel ? 0 : qos, retain: isStanding }, signal.kind);
    } catch {
      this.#options.onShed();
    }
  }

  #send(message: Outgoing, kind: Signal['kind']): void {
    if (this.#early) {
      if (this.#early.length >= waitingMax) return this.#options.onShed();
      return void this.#early.push({ message, kind });
    }
    if (this.#waiting.size === 0 && this.#options.socket.writableLength <= unwrittenMax) return this.#write(message);
    if (kind === 'event' || (this.#waiting.size >= waitingMax && !this.#waiting.has(message.topic)))
      return this.#options.onShed();
    if (this.#waiting.has(message.topic)) this.#options.onShed();
    this.#waiting.set(message.topic, message);
    this.#awaitDrain();
  }

  #write(message: Outgoing): void {
    this.#options.client.publish({ cmd: 'publish', dup: false, ...message }, () => undefined);
  }

  #awaitDrain(): void {
    if (this.#isDraining) return;
    this.#isDraining = true;
    this.#options.socket.once('drain', () => {
      this.#isDraining = false;
      for (const [topic, message] of this.#waiting) {
        if (this.#options.socket.writableLength > unwrittenMax) return this.#awaitDrain();
        this.#waiting.delete(topic);
        this.#write(message);
      }
    });
  }
}

function payloadOf(signal: Signal): Buffer {
  return encodePayload(carriedValue(signal), codec);
}

function qosOf(qos: number): 0 | 1 | 2 {
  return qos === 1 || qos === 2 ? qos : 0;
}
