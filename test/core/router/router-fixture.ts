import { parsePattern, type Pattern } from '../../../src-main/contract/address.ts';
import { f64, type GesturePhase, type Value } from '../../../src-main/contract/signal.ts';
import { decodeFrame, encodeFrame } from '../../../src-main/core/protocol/frame.ts';
import {
  messageType,
  type HelloMessage,
  type Message,
  type MessageType,
  type Qos,
  type SubscribeOptions,
} from '../../../src-main/core/protocol/messages.ts';
import { WireValue } from '../../../src-main/core/protocol/wire-value.ts';
import type { RouterLimits } from '../../../src-main/core/router/limits.ts';
import { createRouter, type Router, type RouterTiming } from '../../../src-main/core/router/router.ts';
import { bytesOfFrame } from '../../../src-main/ports/placed-frame.ts';
import type { Log } from '../../../src-main/ports/log.ts';
import type { Random } from '../../../src-main/ports/random.ts';
import {
  MemoryConnection,
  type MemoryConnectionOptions,
} from '../../../src-main/transports/memory/memory-connection.ts';
import { SimulatedClock } from '../../simulated-clock.ts';
import { silentLog } from '../../silent-log.ts';

/** A router on a simulated clock, with peers on memory connections. Nothing moves but by `settle`. */
export class RouterFixture {
  readonly clock = new SimulatedClock();
  readonly router: Router;
  readonly #deferred: (() => void)[] = [];

  constructor(limits: Partial<RouterLimits> = {}, log: Log = silentLog, timing: RouterTiming = {}) {
    const defer = (run: () => void): void => void this.#deferred.push(run);
    const random = countingRandom();
    this.router = createRouter({ ...timing, clock: this.clock, random, log, defer, name: 'test', limits });
  }

  /** A connection that has said nothing yet. */
  connect(options: MemoryConnectionOptions = {}): Peer {
    const [near, far] = MemoryConnection.pair('peer', options);
    const peer = new Peer(near);
    this.router.accept(far);
    return peer;
  }

  /** A greeted session; what the greeting brought is taken away. */
  async join(options: MemoryConnectionOptions = {}): Promise<Peer> {
    const peer = this.connect(options);
    peer.send(hello);
    await this.settle();
    for (const message of peer.take()) if (message.type === messageType.welcome) peer.session = message.session;
    return peer;
  }

  /** As `join`, of a client that says who it is and so knows request ids. */
  async joinWithIds(more: Partial<HelloMessage> = {}): Promise<Peer> {
    const peer = this.connect();
    peer.ask(1, { ...hello, resume: 'secret', ...more });
    await this.settle();
    peer.take();
    peer.headers.length = 0;
    return peer;
  }

  /** Runs turns until nobody has anything to do any more. */
  async settle(): Promise<void> {
    do {
      this.turn();
      for (let i = 0; i < 20; i++) await Promise.resolve();
    } while (this.#deferred.length > 0);
  }

  /** Ends one turn of the event loop. */
  turn(): void {
    for (const run of this.#deferred.splice(0)) run();
  }

  get deferred(): number {
    return this.#deferred.length;
  }
}

/** The client's end. */
export class Peer {
  readonly connection: MemoryConnection;
  session = '';
  closedBecause: string | undefined;
  /** the timestamps of all frames received */
  readonly headers: (bigint | undefined)[] = [];
  #received: Message[] = [];

  constructor(connection: MemoryConnection) {
    this.connection = connection;
    connection.onFrame((frame) => {
      const { message, timestamp } = decodeFrame(bytesOfFrame(frame).slice());
      this.#received.push(message);
      this.headers.push(timestamp);
    });
    connection.onClose((reason) => (this.closedBecause = reason));
  }

  send(...messages: Message[]): void {
    for (const message of messages) this.connection.send(encodeFrame(message));
  }

  /** As a client that knows request ids. */
  ask(id: number, message: Message, qos?: Qos): void {
    this.connection.send(encodeFrame(message, { timestamp: BigInt(id), ...(qos && { qos }) }));
  }

  /** Everything received since the last call. */
  take(): Message[] {
    return this.#received.splice(0);
  }

  /** As `take`, of one type; others are thrown away. */
  takeOnly<T extends MessageType>(type: T): Extract<Message, { type: T }>[] {
    return this.take().filter((message): message is Extract<Message, { type: T }> => message.type === type);
  }
}

export const hello: HelloMessage = { type: messageType.hello, version: 1, name: 'tester', features: ['param'] };

export function set(
  address: string,
  value: number | Value,
  more: Partial<Extract<Message, { type: 0x21 }>> = {},
): Message {
  const wire = WireValue.of(typeof value === 'number' ? f64(value) : value);
  return { type: messageType.set, address, value: wire, ...more };
}

export function publish(
  kind: 'param' | 'event' | 'stream' | 'timeline',
  address: string,
  value: number | Value = 1,
): Extract<Message, { type: 0x20 }> {
  return {
    type: messageType.publish,
    kind,
    address,
    value: WireValue.of(typeof value === 'number' ? f64(value) : value),
  };
}

export function subscribe(pattern: string, id = 1, types = 0xff): Message {
  return { type: messageType.subscribe, id, pattern, types };
}

/** All kinds, with these options. */
export function subscribeWith(options: SubscribeOptions, pattern: string, id = 1): Message {
  return { type: messageType.subscribe, id, pattern, types: 0xff, options };
}

export function gesture(phase: GesturePhase, value: number, id = 1): Message {
  const wire = WireValue.of(f64(value));
  return { type: messageType.publish, kind: 'gesture', address: '/touch', phase, id, value: wire };
}

export function pattern(text: string): Pattern {
  return parsePattern(text);
}

/** Numbers in short: `['/a', 1]`. */
export function addressed(messages: readonly Message[]): [string, unknown][] {
  return messages.flatMap((message) =>
    message.type === messageType.set || message.type === messageType.publish
      ? [[message.address, message.value && 'value' in message.value.value ? message.value.value.value : null]]
      : [],
  );
}

function countingRandom(): Random {
  let next = 0;
  return { fraction: () => 0.5, uuid: () => `00000000-0000-4000-8000-${String(next++).padStart(12, '0')}` };
}
