import type { Cancel } from '../../contract/message-link.ts';
import { millis } from '../../contract/units.ts';
import type { UdpEndpoint } from '../../platform/udp-socket.ts';
import type { Clock } from '../../ports/clock.ts';
import { PacketSlab } from './packet-slab.ts';
import type { QuicLimits } from './quic-limits.ts';
import { QuicStream } from './quic-stream.ts';
import type { Quiche, QuicheConnection } from './quiche.ts';
import { endOf, type SessionEnd } from './session-end.ts';

export interface QuicSessionOptions {
  readonly quiche: Quiche;
  readonly connection: QuicheConnection;
  /** where the socket is */
  readonly local: UdpEndpoint;
  readonly clock: Clock;
  readonly limits: QuicLimits;
  /** @param packet nobody else's */
  readonly transmit: (packet: Uint8Array, to: UdpEndpoint) => void;
  /** the handshake is done */
  readonly onEstablished: () => void;
  /** something came */
  readonly onAdvance?: () => void;
  /** the peer opened a stream */
  readonly onStream: (stream: QuicStream, firstByte: number) => void;
  /** @param datagram valid only during the call */
  readonly onDatagram: (datagram: Uint8Array) => void;
  /** the last stream has gone, of those that there were */
  readonly onStreamless: () => void;
  /** closed by either side, or lost; runs once */
  readonly onEnd: (end: SessionEnd) => void;
  /** packets for it need not be told apart any more; runs once, after `onEnd` */
  readonly onGone: () => void;
}

/** for all connections: what is read is copied out at once */
const scratch = Buffer.allocUnsafeSlow(64 * 1024);
/** the same */
const packets = new PacketSlab();

interface Place {
  readonly host: string;
  readonly port: number;
}

/** One QUIC connection: hands quiche what came, the time, and what its streams write, and sends what it makes of that. */
export class QuicSession {
  readonly #options: QuicSessionOptions;
  readonly #streams = new Map<number, QuicStream>();
  /** of those that we open, as a client [RFC 9000 2.1] */
  #nextStreamId = 0;
  /** who sent last, as quiche wants it */
  #from: Place = { host: '', port: 0 };
  #fromAddress = '';
  #hasMoved = false;
  readonly #here: Place;
  #isEstablished = false;
  #hasEnded = false;
  #isGone = false;
  #wasHeard = false;
  #mustFlush = false;
  #willFlush = false;
  #willFlushLater = false;
  #timer: { readonly at: number; readonly cancel: Cancel } | undefined;
  #cancelAsking: Cancel | undefined;
  /** A link-local address is nothing without its card, which quiche does not know. */
  #zone = '';

  constructor(options: QuicSessionOptions) {
    this.#options = options;
    this.#here = { host: options.local.address, port: options.local.port };
    this.#askLater();
  }

  get connection(): QuicheConnection {
    return this.#options.connection;
  }

  get isEstablished(): boolean {
    return this.#isEstablished;
  }

  /** Says the first word, as a client. */
  start(): void {
    this.#flush();
  }

  /** @param packet one datagram, decrypted in place */
  receive(packet: Uint8Array, from: UdpEndpoint): void {
    this.#wasHeard = true;
    const { connection } = this.#options;
    const info = { from: this.#placeOf(from), to: this.#here };
    // What cannot be read is left out; what breaks the protocol closes the connection, which is seen below.
    this.#attempt(() => connection.recv(packet, info));
    if (this.#hasMoved) this.#forgetMoves();
    this.#advance();
    this.#flushLater();
  }

  /** Opens a stream of our own. */
  openStream(): QuicStream {
    const stream = this.#addStream(this.#nextStreamId);
    this.#nextStreamId += 4;
    stream.isTaken = true;
    return stream;
  }

  /** @returns false where it is too large, there is no room, or the peer takes none */
  sendDatagram(datagram: Uint8Array): boolean {
    const { connection } = this.#options;
    if (this.#hasEnded || (connection.dgramMaxWritableLen() ?? 0) < datagram.length) return false;
    if (connection.isDgramSendQueueFull()) {
      this.#flush();
      if (connection.isDgramSendQueueFull()) return false;
    }
    this.#attempt(() => connection.dgramSend(datagram));
    this.#flushSoon();
    return true;
  }

  /** Tells the peer, as far as that can be done at once. @param code 0 is no fault */
  close(reason: string, code: { readonly isTransport?: boolean; readonly code: number } = { code: 0 }): void {
    const { connection } = this.#options;
    this.#attempt(() => connection.close(code.isTransport !== true, code.code, Buffer.from(reason).subarray(0, 200)));
    this.#flush();
    this.#end({ reason, isOurs: true, code: code.code });
  }

  /** Forgets everything, without a word. */
  drop(): void {
    this.#end({ reason: 'dropped', isOurs: true, code: 0 });
    this.#leave();
  }

  #advance(): void {
    const { connection, onEstablished } = this.#options;
    if (this.#isGone) return;
    if (!this.#isEstablished && connection.isEstablished()) {
      this.#isEstablished = true;
      onEstablished();
    }
    if (this.#isEstablished && !this.#hasEnded) this.#serveStreams();
    this.#options.onAdvance?.();
    this.#look();
  }

  /** Whether that was the end. */
  #look(): void {
    const { connection } = this.#options;
    if (connection.isDraining() || connection.isClosed())
      this.#end(endOf(connection, this.#isEstablished, this.#options.limits));
    if (connection.isClosed()) this.#leave();
  }

  #serveStreams(): void {
    const { connection, limits, onDatagram } = this.#options;
    for (const stream of this.#streams.values()) this.#serve(stream);
    // Datagrams are of the first stream, which may have come with them.
    if (!this.#streams.has(0)) this.#takeStreams();
    for (let left = limits.datagramsMax; left > 0 && !this.#hasEnded; left--) {
      const size = this.#attempt(() => connection.dgramRecv(scratch));
      if (size === null) break;
      onDatagram(scratch.subarray(0, size));
    }
    this.#takeStreams();
  }

  /** To list them takes longer than all else that is done for a packet: only where something is left to be read. */
  #takeStreams(): void {
    const { connection } = this.#options;
    if (this.#hasEnded || !connection.isReadable()) return;
    for (const id of connection.readable()) this.#takeStream(id);
  }

  /** The one before may have ended everything. */
  #takeStream(id: number): void {
    if (!this.#hasEnded && !this.#streams.has(id)) this.#serve(this.#addStream(id));
  }

  #serve(stream: QuicStream): void {
    const first = stream.isTaken ? undefined : stream.peek();
    if (first === null) stream.destroy();
    else if (first !== undefined) {
      stream.isTaken = true;
      this.#options.onStream(stream, first);
    }
    stream.advance();
  }

  #addStream(id: number): QuicStream {
    const { quiche, connection } = this.#options;
    const stream = new QuicStream({
      quiche,
      connection,
      id,
      onWritten: () => this.#flushSoon(),
      onRead: () => this.#flushLater(),
    });
    this.#streams.set(id, stream);
    stream.once('close', () => {
      this.#streams.delete(id);
      const isLast = [...this.#streams.values()].every(({ isTaken }) => !isTaken);
      if (stream.isTaken && isLast && !this.#hasEnded) this.#options.onStreamless();
    });
    return stream;
  }

  /** Behind all that is written at once. */
  #flushSoon(): void {
    this.#mustFlush = true;
    if (this.#willFlush || this.#isGone) return;
    this.#willFlush = true;
    queueMicrotask(() => {
      this.#willFlush = false;
      this.#flush();
    });
  }

  /** Behind what else comes in this turn, and what is written because of it: one answer does for all. */
  #flushLater(): void {
    this.#mustFlush = true;
    if (this.#willFlushLater || this.#isGone) return;
    this.#willFlushLater = true;
    setImmediate(() => {
      this.#willFlushLater = false;
      if (this.#mustFlush) this.#flush();
    });
  }

  #flush(): void {
    this.#mustFlush = false;
    const { connection, limits, transmit } = this.#options;
    while (!this.#isGone) {
      const sent = this.#attempt(() => connection.send(packets.room(limits.packetBytesMax)));
      if (!sent) break;
      const [size, { to }] = sent;
      const address = this.#zone !== '' && /^fe80:/i.test(to.host) ? `${to.host}${this.#zone}` : to.host;
      transmit(packets.take(size), { address, port: to.port });
    }
    // A fault of the peer's closes the connection only once it has been told.
    if (!this.#isGone) this.#look();
    this.#plan();
  }

  #placeOf({ address, port }: UdpEndpoint): Place {
    const last = this.#from;
    if (last.port === port && this.#fromAddress === address) return last;
    const [host = '', zone] = address.split('%');
    if (zone !== undefined) this.#zone = `%${zone}`;
    this.#hasMoved = this.#fromAddress !== '';
    this.#fromAddress = address;
    return (this.#from = { host, port });
  }

  /** quiche keeps what it has to say of each packet from elsewhere until it is asked. */
  #forgetMoves(): void {
    const { connection } = this.#options;
    // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- null behind the last one, whatever its types say
    while (this.#attempt(() => connection.pathEventNext() ?? null) !== null);
  }

  /** One timer, which looks again when it was early. */
  #plan(): void {
    const { connection, clock } = this.#options;
    const withinMs = this.#isGone ? null : connection.timeout();
    if (withinMs === null) return;
    const at = clock.nowMicros() + withinMs * 1000;
    if (this.#timer && this.#timer.at <= at) return;
    this.#timer?.cancel();
    const cancel = clock.after(millis(withinMs + 1), () => {
      this.#timer = undefined;
      this.#attempt(() => connection.onTimeout());
      this.#advance();
      this.#flush();
    });
    this.#timer = { at, cancel };
  }

  /** Peers that hear nothing for long would be given up by what lies between, and by themselves. */
  #askLater(): void {
    const { connection, clock, limits } = this.#options;
    this.#cancelAsking = clock.after(limits.askAfterMs, () => {
      if (this.#isEstablished && !this.#wasHeard) {
        this.#attempt(() => connection.sendAckEliciting());
        this.#flush();
      }
      this.#wasHeard = false;
      if (!this.#hasEnded) this.#askLater();
    });
  }

  #end(end: SessionEnd): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#cancelAsking?.();
    for (const stream of [...this.#streams.values()]) {
      stream.advance();
      stream.destroy(new Error(end.reason));
    }
    this.#options.onEnd(end);
  }

  #leave(): void {
    if (this.#isGone) return;
    this.#isGone = true;
    this.#timer?.cancel();
    this.#options.onGone();
  }

  /** quiche throws what it also keeps as the state of the connection. */
  #attempt<T>(call: () => T): T | null {
    try {
      return call();
    } catch {
      return null;
    }
  }
}
