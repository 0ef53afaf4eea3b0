import { createClaspClient } from '../../../src-main/core/client/clasp-client.ts';
import type { ClaspClient, ClaspClientOptions } from '../../../src-main/core/client/client-api.ts';
import type { ClientState } from '../../../src-main/core/client/connector.ts';
import { correlationOf } from '../../../src-main/core/protocol/correlation.ts';
import { decodeFrame, encodeFrame, type Frame } from '../../../src-main/core/protocol/frame.ts';
import {
  messageType,
  type AckMessage,
  type Message,
  type MessageType,
} from '../../../src-main/core/protocol/messages.ts';
import type { Connection } from '../../../src-main/ports/transport.ts';
import { MemoryConnection } from '../../../src-main/transports/memory/memory-connection.ts';
import { bytesOfFrame } from '../../../src-main/ports/placed-frame.ts';
import { SimulatedClock } from '../../simulated-clock.ts';
import { silentLog } from '../../silent-log.ts';

export type Heard<T extends MessageType = MessageType> = Frame & { readonly message: Extract<Message, { type: T }> };

export interface ScriptedOptions {
  /** a router that gives request ids back; an old one does not */
  readonly knowsIds?: boolean;
  /** what the client's end of each connection is like */
  readonly wrap?: (connection: MemoryConnection) => Connection;
}

/** A router that does nothing but WELCOME and what the test tells it to. */
export class ScriptedRouter {
  readonly clock = new SimulatedClock();
  /** set: dialling fails with it */
  dialFailure: Error | undefined;
  /** set: HELLO is answered by this instead of WELCOME; an empty list is silence */
  greeting: readonly Message[] | undefined;
  dials = 0;
  knowsIds: boolean;
  readonly #options: ScriptedOptions;
  #heard: Heard[] = [];
  #near: MemoryConnection | undefined;
  #far: MemoryConnection | undefined;

  constructor(options: ScriptedOptions = {}) {
    this.#options = options;
    this.knowsIds = options.knowsIds ?? true;
  }

  readonly dial = (): Promise<Connection> => {
    this.dials++;
    if (this.dialFailure) return Promise.reject(this.dialFailure);
    const [near, far] = MemoryConnection.pair('scripted', { queueBytesMax: 2000 });
    this.#near = near;
    this.#far = far;
    far.onFrame((frame) => this.#hear(decodeFrame(bytesOfFrame(frame).slice())));
    return Promise.resolve(this.#options.wrap?.(near) ?? near);
  };

  /** What was heard since the last call, but HELLO and what arrived. */
  take(): Heard[] {
    return this.#heard
      .splice(0)
      .filter(({ message }) => message.type !== messageType.hello && message.type !== messageType.ack);
  }

  /** The same with HELLO and what arrived. */
  takeAll(): Heard[] {
    return this.#heard.splice(0);
  }

  takeOnly<T extends MessageType>(type: T): Heard<T>[] {
    return this.#heard.splice(0).filter((heard): heard is Heard<T> => heard.message.type === type);
  }

  send(message: Message, timestamp?: bigint): void {
    this.#far?.send(encodeFrame(message, { ...(timestamp !== undefined && { timestamp }) }));
  }

  sendBytes(bytes: Uint8Array): void {
    this.#far?.send(bytes);
  }

  /** Acknowledges what was heard, as a router with ids does. */
  ack({ timestamp }: Frame, more: Partial<AckMessage> = {}): void {
    this.send({ type: messageType.ack, ...more, correlationId: correlationOf(timestamp ?? 0n) });
  }

  error({ timestamp }: Frame, code: number): void {
    this.send({ type: messageType.error, code, message: `no: ${code}`, correlationId: correlationOf(timestamp ?? 0n) });
  }

  /** Ends the connection. */
  cut(): void {
    this.#far?.close('cut');
  }

  /** Reads nothing, so that the client's queue fills. */
  stall(): () => void {
    this.#far?.pauseReading();
    return () => this.#far?.resumeReading();
  }

  get isConnected(): boolean {
    return this.#near !== undefined;
  }

  settle(): Promise<void> {
    return this.clock.advanceAsync(0);
  }

  #hear(frame: Frame): void {
    this.#heard.push(frame);
    if (frame.message.type !== messageType.hello) return;
    for (const message of this.greeting ?? [welcomeAt(BigInt(this.clock.nowMicros()))]) {
      this.send(message, this.knowsIds ? frame.timestamp : undefined);
    }
    if (!this.greeting) this.send({ type: messageType.snapshot, params: [] });
  }
}

export function welcomeAt(time: bigint): Message {
  return { type: messageType.welcome, version: 1, features: ['param'], time, session: 's1', name: 'scripted' };
}

export interface TestClient {
  readonly client: ClaspClient;
  readonly states: ClientState[];
}

/** A client on the router's clock, told to connect. */
export function clientOf(
  router: Pick<ScriptedRouter, 'clock' | 'dial'>,
  more: Partial<ClaspClientOptions> = {},
): TestClient {
  const client = createClaspClient({
    dial: router.dial,
    clock: router.clock,
    random: { fraction: () => 0, uuid: () => 'resume-secret' },
    log: silentLog,
    name: 'tester',
    ...more,
  });
  const states: ClientState[] = [];
  client.onState((state) => states.push(state));
  client.connect();
  return { client, states };
}

/** A client with an open session; what the greeting took is forgotten. */
export async function openClient(router: ScriptedRouter, more: Partial<ClaspClientOptions> = {}): Promise<TestClient> {
  const made = clientOf(router, more);
  await router.settle();
  router.take();
  return made;
}

/** How a promise stands after everything that can settle has. */
export async function outcomeOf(router: Pick<ScriptedRouter, 'settle'>, promise: Promise<unknown>): Promise<unknown> {
  let outcome: unknown = 'waiting';
  promise.then(
    (value) => (outcome = value),
    (error: unknown) => (outcome = error),
  );
  await router.settle();
  return outcome;
}
