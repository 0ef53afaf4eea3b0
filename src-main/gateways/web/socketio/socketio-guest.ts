import type { Socket } from 'socket.io';
import { AppError, LimitError, toWireError } from '../../../contract/errors.ts';
import { carriedValue, type Signal } from '../../../contract/signal.ts';
import { millis } from '../../../contract/units.ts';
import { encodedSize } from '../../../core/protocol/values.ts';
import { argumentOf } from '../../../platform/event-arguments.ts';
import type { ForeignClient } from '../../../ports/gateway.ts';
import { SlowReader, unwrittenMax } from '../../slow-reader.ts';
import type { WebHost } from '../../web-service.ts';
import { WebGuest, type WebDelivery } from '../web-guest.ts';
import { plainRevision, readCall, signalEvent, type GuestEvent } from './guest-events.ts';
import type { UnwrittenBytes } from './unwritten-bytes.ts';

/** Calls of one client that the router has not answered yet. */
export const callsMax = 1000;
/** Bytes of answers that a client has not taken; then it is cut. */
const unreadMax = 4 * unwrittenMax;
/** How often a connection that takes no more is looked at. */
const drainEvery = millis(25);

interface SocketioGuestOptions {
  readonly socket: Socket;
  readonly session: ForeignClient;
  readonly host: WebHost;
  readonly unwritten: UnwrittenBytes;
  /** the address that all of its namespace are under */
  readonly prefix: string;
}

type Said = readonly unknown[];
type Answer = Readonly<Record<string, unknown>>;

/** One Socket.IO client in one namespace: what it says as events, and what it is told. */
export class SocketioGuest {
  readonly #options: SocketioGuestOptions;
  readonly #guest: WebGuest;
  readonly #reader: SlowReader<GuestEvent>;
  /** it wants signals as events called by their addresses */
  readonly #isPlain: boolean;
  #calls = 0;

  constructor(options: SocketioGuestOptions) {
    const { socket, session, host, unwritten, prefix } = options;
    this.#options = options;
    this.#isPlain = (socket.handshake.auth as Answer)['plain'] === true;
    this.#guest = new WebGuest({ session, prefix, deliver: (delivery) => this.#deliver(delivery) });
    this.#reader = new SlowReader<GuestEvent>({
      unwrittenBytes: () => unwritten.bytes,
      write: ({ event, args }) => void socket.emit(event, ...args),
      onDrain: (run) => void host.clock.after(drainEvery, run),
      onShed: () => host.refuse('slow'),
      room: host.room,
    });
    socket.onAny((...said: unknown[]) => this.#take(said));
  }

  close(reason: string): void {
    this.#reader.close();
    this.#guest.close(reason);
  }

  /** @param said the event, its arguments, and how to answer where the client wants to know */
  #take([name, ...rest]: Said): void {
    const last = rest.at(-1);
    const answer = typeof last === 'function' ? (last as (said: Answer) => void) : undefined;
    const args = answer ? rest.slice(0, -1) : rest;
    const event = String(name);
    this.#calls++;
    this.#answer({ event, args })
      .then(
        (found) => answer?.({ ok: true, ...found }),
        (error: unknown) => this.#refuse(event, { error, answer }),
      )
      .finally(() => this.#finish());
  }

  /** Answers wait for whoever asks and does not read, and nothing else bounds them. */
  #finish(): void {
    this.#calls--;
    const { socket, host, unwritten } = this.#options;
    if (unwritten.bytes <= unreadMax) return;
    host.refuse('slow');
    socket.conn.close(true);
  }

  #refuse(event: string, { error, answer }: { error: unknown; answer: ((said: Answer) => void) | undefined }): void {
    const { code, message } = toWireError(error);
    const { host, socket } = this.#options;
    if (code === 'internal') host.log.error('a Socket.IO call failed inside', { error });
    host.refuse('messages');
    if (answer) answer({ ok: false, code, message });
    // Who does not ask is told all the same, but never queued for.
    else if (this.#options.unwritten.bytes === 0) socket.emit('refused', { event: event.slice(0, 200), code, message });
  }

  /** @throws as rejections: AppError as `WebGuest`; InputError 'bad-arguments' | 'bad-value' */
  async #answer(said: GuestEvent): Promise<Answer> {
    if (this.#calls > callsMax) throw new LimitError('queue-full', `At most ${callsMax} calls wait for an answer.`);
    const call = readCall(said);
    switch (call.is) {
      case 'set': {
        const revision = await this.#guest.set(call.address, call.value);
        return revision === undefined ? {} : { revision: plainRevision(revision) };
      }
      case 'emit':
      case 'stream':
        await this.#guest[call.is](call.address, call.value);
        return {};
      case 'plain':
        await this.#guest[this.#options.host.plain === 'event' ? 'emit' : 'set'](call.address, call.value);
        return {};
      case 'get':
        return this.#get(call.address);
      case 'subscribe':
        await this.#subscribe(call.pattern);
        return {};
      case 'unsubscribe':
        return { wasSubscribed: this.#guest.unsubscribe(call.pattern) };
      case 'join':
        return this.#join(call.room);
      case 'leave':
        return this.#leave(call.room);
      default:
        return call satisfies never;
    }
  }

  async #get(address: string): Promise<Answer> {
    const found = await this.#guest.get(address);
    if (!found) throw new AppError('unknown-address', `There is nothing at ${address}.`);
    if (this.#options.unwritten.bytes > unwrittenMax)
      throw new LimitError('queue-full', 'Read what was answered before.');
    return { value: argumentOf(found.value), revision: plainRevision(found.revision) };
  }

  /** Settles when what stands was sent, though it may wait for the network. */
  async #subscribe(pattern: string): Promise<void> {
    await this.#guest.subscribe(pattern);
    await new Promise<void>((resolve) => this.#reader.behind(resolve));
  }

  async #join(room: string): Promise<Answer> {
    await this.#subscribe(room);
    const { socket } = this.#options;
    await socket.join(room);
    return { room, members: membersOf(socket, room) };
  }

  async #leave(room: string): Promise<Answer> {
    const { socket } = this.#options;
    const wasIn = this.#guest.unsubscribe(room);
    await socket.leave(room);
    return { room, wasIn, members: membersOf(socket, room) };
  }

  #deliver(delivery: WebDelivery): void {
    const { signal } = delivery;
    if (signal.kind === 'timeline') return;
    let item: GuestEvent;
    try {
      item = signalEvent(delivery, this.#isPlain);
    } catch {
      return this.#options.host.refuse('messages');
    }
    this.#reader.send({
      item,
      key: `${signal.kind} ${signal.address}`,
      isOnce: signal.kind === 'event',
      sizeBytes: encodedSize(carriedValue(signal)) + signal.address.length + 64 + 9 * samplesIn(signal),
    });
  }
}

function samplesIn(signal: Signal): number {
  return signal.kind === 'stream' ? (signal.samples?.length ?? 0) : 0;
}

function membersOf({ nsp }: Socket, room: string): number {
  return nsp.adapter.rooms.get(room)?.size ?? 0;
}
