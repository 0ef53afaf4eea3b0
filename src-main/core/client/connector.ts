import { UnavailableError, messageOf, type AppError } from '../../contract/errors.ts';
import type { Cancel } from '../../contract/message-link.ts';
import { micros, millisToMicros, type Micros } from '../../contract/units.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Random } from '../../ports/random.ts';
import { bytesOfFrame } from '../../ports/placed-frame.ts';
import type { Connection } from '../../ports/transport.ts';
import { decodeFrame, type Frame } from '../protocol/frame.ts';
import { messageType, type WelcomeMessage } from '../protocol/messages.ts';
import { createBackoff, type Backoff } from '../retry/backoff.ts';
import type { ClientLimits } from './client-limits.ts';
import { isAccessRefusal, refusalError } from './refusal-error.ts';

/** Where the client stands.
 *  idle: not told to connect yet. refused: the router does not let it in; it tries no more until told to. waiting: for the
 *  next try. closed: for ever. */
export type ClientState =
  | { readonly phase: 'idle' | 'connecting' | 'greeting' }
  | { readonly phase: 'open'; readonly session: string; readonly router: string; readonly knowsRequestIds: boolean }
  | { readonly phase: 'waiting'; readonly reason: string; readonly retryAt: Micros }
  | { readonly phase: 'refused'; readonly reason: string; readonly error: AppError }
  | { readonly phase: 'closed'; readonly reason: string };

/** One HELLO: the frame, framed for no connection yet, and the id in its header. */
export interface Hello {
  readonly id: bigint;
  readonly bytes: Uint8Array;
}

export interface Greeted {
  readonly connection: Connection;
  readonly welcome: WelcomeMessage;
  readonly knowsIds: boolean;
  readonly helloAt: Micros;
}

export interface ConnectorOptions {
  readonly dial: () => Promise<Connection>;
  readonly clock: Clock;
  readonly random: Random;
  readonly limits: ClientLimits;
  readonly hello: () => Hello;
  /** puts one frame on a connection */
  readonly send: (connection: Connection, bytes: Uint8Array) => boolean;
  readonly onState: (state: ClientState) => void;
  readonly onOpen: (greeted: Greeted) => void;
  /** a frame of the open session */
  readonly onFrame: (bytes: Uint8Array) => void;
  readonly onDrain: () => void;
  /** the session that was open is over */
  readonly onLost: () => void;
  readonly onRefused: (error: AppError) => void;
}

/** Keeps one session with a router: dials, greets, and begins again for ever when it ends. */
export class Connector {
  readonly #options: ConnectorOptions;
  readonly #backoff: Backoff;
  #state: ClientState = { phase: 'idle' };
  #connection: Connection | undefined;
  #hello: (Hello & { readonly at: Micros }) | undefined;
  #openedAt: Micros | undefined;
  /** counts tries; what belongs to an older one is nobody's */
  #try = 0;
  #timers: Cancel[] = [];

  constructor(options: ConnectorOptions) {
    this.#options = options;
    const { random, limits } = options;
    this.#backoff = createBackoff({ random, first: limits.retryFirstMs, cap: limits.retryCapMs });
  }

  get state(): ClientState {
    return this.#state;
  }

  /** Tries now, unless it is trying or open already. */
  start(): void {
    const { phase } = this.#state;
    if (phase === 'idle' || phase === 'waiting' || phase === 'refused') this.#dial();
  }

  /** The connection is of no use any more; it tries again. */
  giveUp(reason: string): void {
    this.#fail(reason);
  }

  close(reason: string): void {
    if (this.#state.phase === 'closed') return;
    this.#leave(reason);
    this.#become({ phase: 'closed', reason });
  }

  #dial(): void {
    const { dial, clock, limits } = this.#options;
    this.#stopTimers();
    const number = ++this.#try;
    this.#timers.push(clock.after(limits.dialTimeoutMs, () => this.#fail('nobody answered in time')));
    this.#become({ phase: 'connecting' });
    void Promise.resolve()
      .then(dial)
      .then(
        (connection) => {
          if (number === this.#try) this.#greet(connection);
          else connection.close('too late');
        },
        (error: unknown) => {
          if (number === this.#try) this.#fail(messageOf(error));
        },
      );
  }

  #greet(connection: Connection): void {
    const { clock, limits, hello } = this.#options;
    const number = this.#try;
    this.#stopTimers();
    this.#connection = connection;
    this.#hello = { ...hello(), at: clock.nowMicros() };
    this.#timers.push(clock.after(limits.helloTimeoutMs, () => this.#fail('no WELCOME in time')));
    connection.onClose((reason) => {
      if (number === this.#try) this.#fail(reason);
    });
    connection.onDrain(() => {
      if (number === this.#try && this.#state.phase === 'open') this.#options.onDrain();
    });
    connection.onFrame((frame) => {
      if (number !== this.#try) return;
      const bytes = bytesOfFrame(frame);
      if (this.#state.phase === 'open') this.#options.onFrame(bytes);
      else this.#hear(bytes, connection);
    });
    this.#sayHello(connection, limits.resendFirstMs);
    this.#become({ phase: 'greeting' });
  }

  #sayHello(connection: Connection, wait: number): void {
    const { clock, limits, send } = this.#options;
    if (this.#hello) send(connection, this.#hello.bytes);
    if (connection.reliable) return;
    const next = Math.min(wait * 2, limits.resendCapMs);
    this.#timers.push(clock.at(micros(clock.nowMicros() + wait * 1000), () => this.#sayHello(connection, next)));
  }

  /** Until WELCOME, everything but an ERROR is passed over. */
  #hear(bytes: Uint8Array, connection: Connection): void {
    const frame = tryDecode(bytes);
    if (frame?.message.type === messageType.welcome) this.#open(connection, frame.message, frame.timestamp);
    else if (frame?.message.type === messageType.error) {
      const error = refusalError(frame.message);
      if (isAccessRefusal(frame.message.code)) this.#refuse(error);
      else this.#fail(error.message);
    }
  }

  #open(connection: Connection, welcome: WelcomeMessage, echo: bigint | undefined): void {
    const hello = this.#hello;
    if (!hello) return;
    this.#stopTimers();
    this.#openedAt = this.#options.clock.nowMicros();
    const knowsIds = echo === hello.id;
    this.#options.onOpen({ connection, welcome, knowsIds, helloAt: hello.at });
    this.#become({ phase: 'open', session: welcome.session, router: welcome.name, knowsRequestIds: knowsIds });
  }

  #refuse(error: AppError): void {
    this.#leave('refused');
    this.#become({ phase: 'refused', reason: error.message, error });
    this.#options.onRefused(error);
  }

  #fail(reason: string): void {
    const { clock, limits } = this.#options;
    if (this.#openedAt !== undefined && clock.nowMicros() - this.#openedAt >= millisToMicros(limits.steadyAfterMs))
      this.#backoff.reset();
    this.#leave(reason);
    const wait = this.#backoff.next();
    const retryAt = micros(clock.nowMicros() + millisToMicros(wait));
    this.#timers.push(clock.at(retryAt, () => this.#dial()));
    this.#become({ phase: 'waiting', reason, retryAt });
  }

  /** Ends what there is of a connection. */
  #leave(reason: string): void {
    const wasOpen = this.#openedAt !== undefined;
    const connection = this.#connection;
    this.#try++;
    this.#stopTimers();
    this.#connection = undefined;
    this.#hello = undefined;
    this.#openedAt = undefined;
    connection?.close(reason);
    if (wasOpen) this.#options.onLost();
  }

  #become(state: ClientState): void {
    this.#state = state;
    this.#options.onState(state);
  }

  #stopTimers(): void {
    for (const cancel of this.#timers.splice(0)) cancel();
  }
}

/** Why nothing can be asked in this state. */
export function hindranceIn(state: ClientState): AppError | undefined {
  if (state.phase === 'refused') return state.error;
  if (state.phase === 'closed') return new UnavailableError('link-closed', `The client is closed: ${state.reason}.`);
  return undefined;
}

function tryDecode(bytes: Uint8Array): Frame | undefined {
  try {
    return decodeFrame(bytes);
  } catch {
    // Whatever it was, it was no WELCOME; there is a time limit on waiting for that.
    return undefined;
  }
}
