import { UnavailableError } from '../contract/errors.ts';
import { UdpSocket, type UdpEndpoint } from './udp-socket.ts';

/** A burst of some hundred universes while the program does something else. */
const receiveBytes = 4 * 1024 * 1024;
/** Sockets that hold groups beyond what one may: Linux allows 20 for each. */
const socketsMax = 256;

/** A group as it is heard on one card. */
export interface Membership {
  readonly group: string;
  /** IP address of the card */
  readonly card: string;
}

export interface PortListener {
  /** @param bytes one datagram, valid only during the call */
  readonly onMessage: (bytes: Uint8Array, from: UdpEndpoint) => void;
  /** The port died after it was open; runs at most once, and not after `close`. */
  readonly onError: (reason: UnavailableError) => void;
}

/** One who listens at a port of this machine. */
export interface PortEar {
  /** Hears these groups beside what is sent to this machine alone, and no others. Cheap when nothing changes; called again,
   *  it tries again what failed. */
  follow(memberships: readonly Membership[]): void;
  /** Groups that cannot be heard now. */
  readonly missing: readonly Membership[];
  close(): Promise<void>;
}

/** Ports that are open, by number. What is sent to one machine alone reaches one socket only, so all who listen at a port in
 *  this process share one. */
const ports = new Map<number, Promise<SharedPort>>();

/** Listens at a UDP port of all cards, which others on this machine may have open too.
 *  @param port 1..65535
 *  @throws UnavailableError 'port-in-use' | 'cannot-open-port' */
export async function listenAtPort(port: number, listener: PortListener): Promise<PortEar> {
  for (;;) {
    const opening = ports.get(port) ?? SharedPort.open(port);
    ports.set(port, opening);
    try {
      const ear = (await opening).listen(listener);
      if (ear) return ear;
      // The last listener left while we waited.
    } catch (cause) {
      if (ports.get(port) === opening) ports.delete(port);
      throw cause;
    }
    if (ports.get(port) === opening) ports.delete(port);
  }
}

class SharedPort {
  readonly #port: number;
  readonly #listeners = new Map<PortListener, Set<string>>();
  /** by group and card: the socket that holds it */
  readonly #held = new Map<string, UdpSocket>();
  readonly #missing = new Set<string>();
  #holders: UdpSocket[];
  #settling: Promise<void> | undefined;
  #isOpen = true;

  static async open(port: number): Promise<SharedPort> {
    let shared: SharedPort | undefined;
    const socket = await UdpSocket.open({
      ...{ address: '0.0.0.0', port, shared: true, receiveBytes },
      onMessage: (bytes, from) => shared?.hear(bytes, from),
      onError: (reason) => shared?.fail(reason),
    });
    shared = new SharedPort(port, socket);
    return shared;
  }

  private constructor(port: number, socket: UdpSocket) {
    this.#port = port;
    this.#holders = [socket];
  }

  /** @returns undefined when it closes already */
  listen(listener: PortListener): PortEar | undefined {
    if (!this.#isOpen) return undefined;
    this.#listeners.set(listener, new Set());
    const missing = (): readonly Membership[] =>
      [...(this.#listeners.get(listener) ?? [])].filter((key) => this.#missing.has(key)).map(membershipOf);
    return {
      follow: (memberships) => {
        if (!this.#listeners.has(listener)) return;
        this.#listeners.set(listener, new Set(memberships.map(({ group, card }) => `${group} ${card}`)));
        this.#settle();
      },
      get missing() {
        return missing();
      },
      close: () => this.#leave(listener),
    };
  }

  hear(bytes: Uint8Array, from: UdpEndpoint): void {
    for (const { onMessage } of [...this.#listeners.keys()]) onMessage(bytes, from);
  }

  fail(reason: UnavailableError): void {
    const listeners = [...this.#listeners.keys()];
    this.#listeners.clear();
    void this.#close();
    for (const { onError } of listeners) onError(reason);
  }

  async #leave(listener: PortListener): Promise<void> {
    if (!this.#listeners.delete(listener)) return;
    if (this.#listeners.size === 0) await this.#close();
    else this.#settle();
  }

  async #close(): Promise<void> {
    this.#isOpen = false;
    ports.delete(this.#port);
    await this.#settling;
    await Promise.all(this.#holders.map((socket) => socket.close()));
  }

  #settle(): void {
    const wanted = new Set([...this.#listeners.values()].flatMap((keys) => [...keys]));
    for (const [key, socket] of this.#held) {
      if (wanted.has(key)) continue;
      const { group, card } = membershipOf(key);
      socket.leave(group, card);
      this.#held.delete(key);
    }
    this.#missing.clear();
    for (const key of wanted) if (!this.#held.has(key) && !this.#join(key)) this.#missing.add(key);
    if (this.#missing.size > 0) this.#settling ??= this.#holdMore().finally(() => (this.#settling = undefined));
  }

  #join(key: string): boolean {
    const { group, card } = membershipOf(key);
    const holder = this.#holders.findLast((socket) => socket.join(group, card));
    if (holder) this.#held.set(key, holder);
    return holder !== undefined;
  }

  /** Opens sockets that only hold groups: the system gives what comes in by them to the one that is at the port. */
  async #holdMore(): Promise<void> {
    while (this.#isOpen && this.#missing.size > 0 && this.#holders.length < socketsMax) {
      const open = { address: '0.0.0.0', port: 0, onMessage: () => undefined, onError: () => undefined };
      const holder = await UdpSocket.open(open).catch(() => undefined);
      if (!holder) return;
      this.#holders.push(holder);
      const before = this.#missing.size;
      for (const key of [...this.#missing]) {
        const { group, card } = membershipOf(key);
        if (!holder.join(group, card)) continue;
        this.#held.set(key, holder);
        this.#missing.delete(key);
      }
      if (this.#missing.size < before) continue;
      // Not for lack of room: the card is not there.
      this.#holders = this.#holders.filter((socket) => socket !== holder);
      return holder.close();
    }
  }
}

function membershipOf(key: string): Membership {
  const [group = '', card = ''] = key.split(' ');
  return { group, card };
}
