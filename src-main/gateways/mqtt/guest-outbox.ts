import type { Buffer } from 'node:buffer';
import type { Signal } from '../../contract/signal.ts';

/** Messages of QoS 1 and 2 that a client has not answered; further ones wait. */
export const inFlightMax = 100;
/** Bytes handed to a client's network and not taken by it yet; further ones wait. */
const unwrittenMax = 512 * 1024;
/** What one more message costs beside its bytes. */
const overheadBytes = 128;

export interface Outgoing {
  readonly topic: string;
  readonly payload: Buffer;
  readonly qos: 0 | 1 | 2;
  readonly retain: boolean;
  readonly kind: Signal['kind'];
}

/** The connection that a client has at the moment.
 *  @param id its packet id, 1..65535; undefined in QoS 0
 *  @param done runs once, later: the network took it, or the connection ended */
export type SendLine = (message: Outgoing, id: number | undefined, done: () => void) => void;

export interface OutboxLimits {
  /** of one client that is there */
  readonly bytesMax: number;
  /** of one that is away */
  readonly awayMessagesMax: number;
  readonly awayBytesMax: number;
}

/** What waits for all clients of a door together. */
export interface SharedRoom {
  bytes: number;
  readonly bytesMax: number;
}

interface OutboxOptions {
  readonly limits: OutboxLimits;
  readonly room: SharedRoom;
  /** something was left out */
  readonly onShed: () => void;
}

interface Flying {
  readonly message: Outgoing;
  /** QoS 2: it has it, and has to hear PUBREL */
  isReleased: boolean;
}

/** As aedes sends it again. */
export type Resent =
  | { readonly cmd: 'pubrel'; readonly messageId: number }
  | (Outgoing & { readonly cmd: 'publish'; readonly messageId: number; readonly dup: true });

/** What is on its way to one client, over all its connections. QoS 1 and 2 keep their order; of values of QoS 0 the newest of
 *  each topic waits. Past a bound values go that newer ones of their topic follow, then what is oldest.
 *  @see MQTT 3.1.1, 4.3, 4.4, 4.6 */
export class GuestOutbox {
  readonly #options: OutboxOptions;
  readonly #flying = new Map<number, Flying>();
  /** QoS 1 and 2, by their place */
  readonly #queue = new Map<number, Outgoing>();
  /** places of the newest values of their topics */
  readonly #lastOf = new Map<string, number>();
  /** places of values that newer ones follow */
  readonly #superseded = new Set<number>();
  /** QoS 0, by topic */
  readonly #newest = new Map<string, Outgoing>();
  #place = 0;
  #nextId = 1;
  #bytes = 0;
  #line: SendLine | undefined;
  #isOpen = false;
  #handed = 0;

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  /** messages that wait, or that nobody has answered */
  get size(): number {
    return this.#flying.size + this.#queue.size + this.#newest.size;
  }

  get isThere(): boolean {
    return this.#line !== undefined;
  }

  put(message: Outgoing): void {
    if (message.qos > 0) this.#enqueue(message);
    else if (this.#mayLeave() && this.#newest.size === 0) return this.#send(message, undefined);
    else this.#holdNewest(message);
    this.pump();
    this.#bound();
  }

  /** It has a connection (again), over which nothing goes before `open`, but what `resent` gives. */
  attach(line: SendLine): void {
    this.#line = line;
    this.#isOpen = false;
    this.#handed = 0;
  }

  open(): void {
    this.#isOpen = true;
    this.pump();
  }

  detach(): void {
    this.#line = undefined;
    this.#isOpen = false;
    for (const [topic, message] of this.#newest) if (message.kind !== 'param') this.#forgetNewest(topic, message);
    this.#bound();
  }

  /** What it has not answered, in its order. [MQTT 3.1.1, 4.4.0-1, 4.6.0-1] */
  *resent(): Generator<Resent> {
    for (const [messageId, { message, isReleased }] of this.#flying)
      yield isReleased ? { cmd: 'pubrel', messageId } : { ...message, cmd: 'publish', messageId, dup: true };
  }

  /** PUBREC came. */
  release(id: number): void {
    const flying = this.#flying.get(id);
    if (!flying || flying.message.qos !== 2 || flying.isReleased) return;
    flying.isReleased = true;
    this.#weigh(-sizeOf(flying.message));
  }

  /** PUBACK or PUBCOMP came. */
  acknowledge(id: number, isQos2: boolean): void {
    const flying = this.#flying.get(id);
    if (!flying || (flying.message.qos === 2) !== isQos2) return;
    this.#flying.delete(id);
    if (!flying.isReleased) this.#weigh(-sizeOf(flying.message));
    this.pump();
  }

  clear(): void {
    this.#weigh(-this.#bytes);
    this.#line = undefined;
    this.#isOpen = false;
    for (const part of [this.#flying, this.#queue, this.#lastOf, this.#superseded, this.#newest]) part.clear();
  }

  /** Sends what may leave now. */
  pump(): void {
    for (const [place, message] of this.#queue) {
      if (!this.#mayLeave() || this.#flying.size >= inFlightMax) break;
      this.#forget(place, message);
      const id = this.#freeId();
      this.#flying.set(id, { message, isReleased: false });
      this.#weigh(sizeOf(message));
      this.#send(message, id);
    }
    for (const [topic, message] of this.#newest) {
      if (!this.#mayLeave()) return;
      this.#forgetNewest(topic, message);
      this.#send(message, undefined);
    }
  }

  #mayLeave(): boolean {
    return this.#isOpen && this.#handed < unwrittenMax;
  }

  #send(message: Outgoing, id: number | undefined): void {
    const line = this.#line;
    if (!line) return;
    const size = sizeOf(message);
    this.#handed += size;
    line(message, id, () => {
      if (this.#line !== line) return;
      this.#handed -= size;
      this.pump();
    });
  }

  #enqueue(message: Outgoing): void {
    const place = this.#place++;
    this.#queue.set(place, message);
    this.#weigh(sizeOf(message));
    if (message.kind !== 'param') return;
    const before = this.#lastOf.get(message.topic);
    if (before !== undefined) this.#superseded.add(before);
    this.#lastOf.set(message.topic, place);
  }

  /** [MQTT 3.1.1, 3.1.2.4] What is of QoS 0 may be kept for who is away: its values are, since they stand. */
  #holdNewest(message: Outgoing): void {
    if (!this.#line && message.kind !== 'param') return;
    if (message.kind === 'event' && this.#isOpen) return this.#options.onShed();
    const before = this.#newest.get(message.topic);
    if (before) {
      this.#forgetNewest(message.topic, before);
      if (this.#line) this.#options.onShed();
    }
    this.#newest.set(message.topic, message);
    this.#weigh(sizeOf(message));
  }

  #bound(): void {
    const { limits, room } = this.#options;
    const isAway = this.#line === undefined;
    const bytesMax = isAway ? limits.awayBytesMax : limits.bytesMax;
    const waiting = (): number => this.#queue.size + this.#newest.size;
    while (
      waiting() > 0 &&
      (this.#bytes > bytesMax || room.bytes > room.bytesMax || (isAway && waiting() > limits.awayMessagesMax))
    )
      this.#shedOne();
  }

  #shedOne(): void {
    this.#options.onShed();
    for (const place of this.#superseded) {
      const message = this.#queue.get(place);
      if (message) return this.#forget(place, message);
      this.#superseded.delete(place);
    }
    for (const [place, message] of this.#queue) return this.#forget(place, message);
    for (const [topic, message] of this.#newest) return this.#forgetNewest(topic, message);
  }

  #forget(place: number, message: Outgoing): void {
    this.#queue.delete(place);
    this.#superseded.delete(place);
    if (this.#lastOf.get(message.topic) === place) this.#lastOf.delete(message.topic);
    this.#weigh(-sizeOf(message));
  }

  #forgetNewest(topic: string, message: Outgoing): void {
    this.#newest.delete(topic);
    this.#weigh(-sizeOf(message));
  }

  #weigh(bytes: number): void {
    this.#bytes += bytes;
    this.#options.room.bytes += bytes;
  }

  /** [MQTT 3.1.1, 2.3.1] One that nothing on its way has. */
  #freeId(): number {
    while (this.#flying.has(this.#nextId)) this.#nextId = (this.#nextId % 65_535) + 1;
    const id = this.#nextId;
    this.#nextId = (id % 65_535) + 1;
    return id;
  }
}

function sizeOf({ topic, payload }: Outgoing): number {
  return topic.length * 2 + payload.length + overheadBytes;
}
