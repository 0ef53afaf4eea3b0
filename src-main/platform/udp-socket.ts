import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { lookup, type LookupOneOptions } from 'node:dns';
import { once } from 'node:events';
import { isIP } from 'node:net';
import { UnavailableError } from '../contract/errors.ts';

/** The most one UDP datagram carries over IPv4. */
export const datagramBytesMax = 65_507;
/** Datagrams handed to the system and not yet taken by it: a thousand universes to sixteen hosts in one turn, or 10 MB. */
export const sendsPendingMax = 16_384;

export interface UdpEndpoint {
  /** an IP address, no name */
  readonly address: string;
  readonly port: number;
}

export interface UdpOptions {
  /** an IP address of this machine, or 0.0.0.0 or :: for all; it decides the family */
  readonly address: string;
  /** 0 picks a free one */
  readonly port: number;
  /** Others on this machine may have the same port; what is sent to one machine alone then reaches the last that opened it. */
  readonly shared?: boolean;
  /** Bytes of datagrams that wait while the program is busy; as much of it as the system grants. */
  readonly receiveBytes?: number;
  /** @param bytes one datagram, valid only during the call */
  readonly onMessage: (bytes: Uint8Array, from: UdpEndpoint) => void;
  /** The socket died after it was open; runs at most once. */
  readonly onError: (reason: UnavailableError) => void;
  /** the only one it sends to and hears; so the system can tell it when nobody is there */
  readonly toward?: {
    readonly endpoint: UdpEndpoint;
    /** What was sent a moment ago reached nobody; the socket goes on. May run for each datagram. */
    readonly onUnreachable: (reason: UnavailableError) => void;
  };
  readonly multicast?: {
    /** the card to send from, by its IP address; undefined leaves it to the system */
    readonly from?: string;
    /** how many routers a datagram may pass, 1..255 */
    readonly timeToLive: number;
    /** groups whose datagrams are heard too, on the card to send from */
    readonly groups?: readonly string[];
  };
}

/** One open UDP socket. */
export class UdpSocket {
  readonly local: UdpEndpoint;
  readonly #socket: Socket;
  readonly #toward: UdpEndpoint | undefined;
  #pending = 0;
  #closed: Promise<void> | undefined;
  #onIdle: (() => void) | undefined;

  /** @throws UnavailableError 'port-in-use' | 'cannot-open-port'; nothing stays open then */
  static async open(options: UdpOptions): Promise<UdpSocket> {
    const type = options.address.includes(':') ? 'udp6' : 'udp4';
    const receives = options.receiveBytes === undefined ? {} : { recvBufferSize: options.receiveBytes };
    const socket = createSocket({ type, reuseAddr: options.shared ?? false, lookup: lookupName, ...receives });
    try {
      const listening = once(socket, 'listening');
      socket.bind({ address: options.address, port: options.port });
      await listening;
      socket.setBroadcast(true);
      if (options.multicast) {
        socket.setMulticastTTL(options.multicast.timeToLive);
        // Receivers on this machine (visualisers, a second program) hear what leaves it.
        socket.setMulticastLoopback(true);
        if (options.multicast.from !== undefined) socket.setMulticastInterface(options.multicast.from);
        for (const group of options.multicast.groups ?? []) socket.addMembership(group, options.multicast.from);
      }
      if (options.toward) await connect(socket, options.toward.endpoint);
    } catch (cause) {
      await closeSocket(socket);
      const isUnreachable = options.toward && unreachableCodes.has(codeOf(cause));
      throw isUnreachable ? sendFailure(cause, options.toward.endpoint) : openFailure(cause, options);
    }
    return new UdpSocket(socket, options);
  }

  private constructor(socket: Socket, { onMessage, onError, toward }: UdpOptions) {
    this.#socket = socket;
    this.#toward = toward?.endpoint;
    const { address, port } = socket.address();
    this.local = { address, port };
    socket.on('message', (bytes: Buffer, from: RemoteInfo) => {
      if (this.#closed === undefined) onMessage(bytes, { address: from.address, port: from.port });
    });
    socket.on('error', (cause) => {
      if (this.#closed !== undefined) return;
      if (toward && unreachableCodes.has(codeOf(cause)))
        return toward.onUnreachable(sendFailure(cause, toward.endpoint));
      void this.close();
      onError(new UnavailableError('link-closed', `The network socket failed: ${codeOf(cause)}.`, {}, { cause }));
    });
  }

  /** Sends one datagram; never throws.
   *  @param to the one it was opened toward, where it was
   *  @param bytes not changed by anyone until `settled` ran
   *  @param settled runs once, later or at once, with what went wrong if it did not leave */
  send(bytes: Uint8Array, to: UdpEndpoint, settled: (failure?: UnavailableError) => void): void {
    if (this.#closed !== undefined)
      return settled(new UnavailableError('link-closed', 'The network socket is closed.'));
    if (this.#pending >= sendsPendingMax) {
      return settled(new UnavailableError('cannot-send', 'The machine does not send as fast as it is asked to.'));
    }
    this.#pending++;
    const done = (cause: unknown): void => {
      this.#sent();
      settled(cause ? sendFailure(cause, to) : undefined);
    };
    // The system says with this datagram, instead of sending it, that one before it reached nobody: this one has its own try.
    const tried = (cause: Error | null): void =>
      this.#toward && cause && codeOf(cause) === 'ECONNREFUSED' ? this.#hand(bytes, to, done) : done(cause);
    this.#hand(bytes, to, tried);
  }

  /** Hears a group of multicast too.
   *  @param card the card to hear it on, by its IP address; without it the system's choice
   *  @returns 'already' when it does; 'no' when this socket hears as many as the system allows, or the card is not there */
  join(group: string, card?: string): 'joined' | 'already' | 'no' {
    if (this.#closed !== undefined) return 'no';
    try {
      this.#socket.addMembership(group, card);
      return 'joined';
    } catch (cause) {
      return codeOf(cause) === 'EADDRINUSE' ? 'already' : 'no';
    }
  }

  /** Hears a group no more; nothing happens where it did not. */
  leave(group: string, card?: string): void {
    if (this.#closed !== undefined) return;
    try {
      this.#socket.dropMembership(group, card);
    } catch {
      // The card went, and the membership with it.
    }
  }

  /** What was handed over before still leaves. Settles when the port is free again. */
  close(): Promise<void> {
    this.#closed ??= this.#idle().then(() => closeSocket(this.#socket));
    return this.#closed;
  }

  #hand(bytes: Uint8Array, to: UdpEndpoint, done: (cause: Error | null) => void): void {
    try {
      if (this.#toward) this.#socket.send(bytes, done);
      else this.#socket.send(bytes, to.port, to.address, done);
    } catch (cause) {
      done(cause instanceof Error ? cause : new Error(String(cause)));
    }
  }

  #idle(): Promise<void> {
    return this.#pending === 0 ? Promise.resolve() : new Promise((resolve) => (this.#onIdle = resolve));
  }

  #sent(): void {
    if (--this.#pending === 0) this.#onIdle?.();
  }
}

/** Nothing has to be asked for an address, which Node would do for each datagram, in a turn of its own. A socket may be opened
 *  on a name of this machine. */
function lookupName(
  host: string,
  options: LookupOneOptions,
  found: (error: Error | null, address: string, family: number) => void,
): void {
  const known = isIP(host);
  if (known === 0) lookup(host, options, found);
  else found(null, host, known);
}

function connect(socket: Socket, { address, port }: UdpEndpoint): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.connect(port, address, (...[cause]: [cause?: Error]) => (cause ? reject(cause) : resolve()));
  });
}

/** What a later datagram may not meet any more. */
const unreachableCodes = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN', 'ECONNRESET']);

function closeSocket(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.close(() => resolve()));
}

function openFailure(cause: unknown, { address, port, multicast }: UdpOptions): UnavailableError {
  const code = codeOf(cause);
  const details = { address, port, code };
  if (code === 'EADDRINUSE') {
    const message = `UDP port ${port} is used by another program, or another bridge. Close it there, or choose another port.`;
    return new UnavailableError('port-in-use', message, details, { cause });
  }
  const sentences: Record<string, string> = {
    EADDRNOTAVAIL: `This machine has no address ${multicast?.from ?? address}.`,
    EACCES: `The system does not allow port ${port}. Choose one above 1023.`,
  };
  const message = sentences[code] ?? `UDP port ${port} on ${address} cannot be opened: ${code}.`;
  return new UnavailableError('cannot-open-port', message, details, { cause });
}

function sendFailure(cause: unknown, to: UdpEndpoint): UnavailableError {
  const code = codeOf(cause);
  const sentences: Record<string, string> = {
    ENETUNREACH: `There is no network to ${to.address}. Check the cable and the network card.`,
    ECONNREFUSED: `Nobody listens at ${to.address}:${to.port}. Start the program there, or check the port.`,
    EHOSTUNREACH: `${to.address} cannot be reached. Check the cable and the network card.`,
    ENODEV: 'The network card is gone.',
    EADDRNOTAVAIL: 'The network card lost its address.',
    EMSGSIZE: 'The message is too long for one packet.',
    EACCES: `The system does not allow sending to ${to.address}.`,
    EPERM: `The system's firewall does not allow sending to ${to.address}.`,
  };
  const message = sentences[code] ?? `Sending to ${to.address}:${to.port} failed: ${code}.`;
  return new UnavailableError('cannot-send', message, { ...to, code }, { cause });
}

function codeOf(cause: unknown): string {
  if (cause instanceof Error) return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.message;
  return String(cause);
}
