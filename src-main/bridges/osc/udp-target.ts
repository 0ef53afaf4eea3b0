import { UnavailableError } from '../../contract/errors.ts';
import type { Cancel } from '../../contract/message-link.ts';
import { micros, millis, type Micros } from '../../contract/units.ts';
import { HostAddress } from '../../platform/host-address.ts';
import { UdpSocket, type UdpEndpoint } from '../../platform/udp-socket.ts';
import type { OwnPlace } from './listen-addresses.ts';
import { isBroadcast, isMulticast } from './listen-addresses.ts';
import { encodeOscBundle } from './osc-codec.ts';
import { immediately } from './osc-time.ts';
import { nameOf, type OscEnd, type OscPacket, type OscWireOptions } from './osc-wire.ts';
import { PacedLine } from './paced-line.ts';
import type { PaceShare } from './pace-share.ts';
import { PacedRoom } from './paced-room.ts';

/** How long nothing may be said against what was sent to count as arrived, once something reached nobody. Linux complains to
 *  one address once a second. */
export const settledAfter = millis(1500);
/** How often one where nobody listened is asked, so that it is found when nothing else is sent to it. Twice of it and
 *  `settledAfter` are less than two seconds, and one more complaint fits in. */
export const askEvery = millis(250);
/** How often a host that was not found, or a socket that did not open, is tried again. */
export const tryAgainEvery = millis(2000);

/** Nothing, in OSC: a bundle that holds no message. */
const question = encodeOscBundle(immediately, []);

export interface UdpTargetOptions extends Pick<
  OscWireOptions,
  'clock' | 'left' | 'refuse' | 'arrived' | 'settings' | 'networkCards'
> {
  readonly host: string;
  readonly port: number;
  readonly share: PaceShare;
  /** what sends to many, or for all targets */
  readonly main: () => UdpSocket | undefined;
  readonly place: OwnPlace;
  readonly hear: (bytes: Uint8Array, from: OscEnd) => void;
}

/** One place that everything is sent to, with its own health: what is wrong with it disturbs no other. */
export class UdpTarget implements OscEnd {
  readonly name: string;
  readonly #options: UdpTargetOptions;
  readonly #line: PacedLine;
  #host: HostAddress | undefined;
  #own: UdpSocket | undefined;
  #toward: string | undefined;
  #trouble: string | undefined;
  /** when something was last sent since the trouble came */
  #sentAt: Micros | undefined;
  #cancelTry: Cancel = () => undefined;
  #cancelAsk: Cancel = () => undefined;
  #cancelSettle: Cancel | undefined;
  #trying: Promise<void> | undefined;
  #isClosed = false;

  constructor(options: UdpTargetOptions) {
    this.#options = options;
    this.name = nameOf(options.host, options.port);
    this.#line = new PacedLine({
      clock: options.clock,
      room: new PacedRoom(),
      share: options.share,
      transmit: (bytes) => this.#transmit(bytes),
      onDropped: () => options.refuse(`${this.name} is sent more than it could take`),
    });
  }

  /** why it may get nothing, as a sentence */
  get trouble(): string | undefined {
    return this.#trouble;
  }

  get localPort(): number | undefined {
    return this.#own?.local.port;
  }

  /** The address that its name stands for now. */
  get endpoint(): UdpEndpoint | undefined {
    return this.#host && { address: this.#host.current, port: this.#options.port };
  }

  /** Settles when it is ready, or was tried once and is tried again by itself. Never rejects. */
  begin(): Promise<void> {
    this.#trying = this.#try();
    return this.#trying;
  }

  get waiting(): number {
    return this.#line.waiting;
  }

  /** @param stands it is part of what it is given because it is back */
  send(packet: OscPacket, stands: boolean): void {
    this.#line.send(packet, stands);
  }

  async close(): Promise<void> {
    this.#line.end();
    this.#isClosed = true;
    this.#cancelTry();
    this.#cancelAsk();
    this.#cancelSettle?.();
    // One that looks a name up finds out, and opens nothing.
    await this.#trying;
    this.#host?.release();
    await this.#own?.close();
  }

  #transmit(bytes: Uint8Array): void {
    const { refuse, left, main } = this.#options;
    const to = this.endpoint;
    const socket = this.#own ?? main();
    if (!to || !socket) return refuse(`${this.name} is not found`);
    // Its name stands for another machine now.
    if (this.#own && this.#toward !== to.address) this.#follow(to.address);
    socket.send(bytes, to, (failure) => {
      if (failure) {
        refuse(`a message to ${this.name} could not leave`);
        return this.#fail(failure);
      }
      left();
      this.#settle();
    });
  }

  async #try(): Promise<void> {
    const { clock, host, main, settings } = this.#options;
    try {
      // A socket of its own has the family that the host has.
      const isShared = settings.sendFrom === 'listen' && main();
      const family = !isShared ? 0 : isShared.local.address.includes(':') ? 6 : 4;
      this.#host ??= await HostAddress.find(host, { family, clock });
      if (this.#hasEnded()) {
        this.#host.release();
        return;
      }
      await this.#connect(this.#host.current);
      if (this.#trouble !== undefined) this.#recover();
    } catch (cause) {
      if (this.#hasEnded()) return;
      this.#trouble = cause instanceof UnavailableError ? cause.message : `It cannot be sent to: ${String(cause)}.`;
      this.#cancelTry = clock.after(tryAgainEvery, () => void this.begin());
    }
  }

  async #connect(address: string): Promise<void> {
    const { settings, port, place, hear, networkCards } = this.#options;
    if (settings.sendFrom === 'listen' || isMulticast(address) || isBroadcast(address, networkCards())) return;
    const own = await UdpSocket.open({
      address: address.includes(':') ? '::' : (place.card?.address ?? '0.0.0.0'),
      port: 0,
      toward: { endpoint: { address, port }, onUnreachable: (reason) => this.#fail(reason) },
      onMessage: (bytes) => {
        if (this.#trouble !== undefined) this.#recover();
        hear(bytes, this);
      },
      onError: (reason) => this.#reopen(reason),
    });
    if (this.#hasEnded()) return own.close();
    this.#own = own;
    this.#toward = address;
  }

  #follow(address: string): void {
    const before = this.#own;
    this.#toward = address;
    void this.#connect(address).then(
      () => before?.close(),
      (reason: unknown) => this.#reopen(reason),
    );
  }

  #reopen(reason: unknown): void {
    if (this.#isClosed) return;
    void this.#own?.close();
    this.#own = undefined;
    this.#fail(reason);
    this.#cancelAsk();
    this.#cancelTry();
    this.#cancelTry = this.#options.clock.after(tryAgainEvery, () => void this.begin());
  }

  #fail(reason: unknown): void {
    if (this.#isClosed) return;
    this.#cancelSettle?.();
    this.#cancelSettle = undefined;
    this.#trouble = reason instanceof UnavailableError ? reason.message : `Sending to ${this.name} failed.`;
    this.#sentAt = undefined;
    this.#askLater();
  }

  #askLater(): void {
    this.#cancelAsk();
    this.#cancelAsk = this.#options.clock.after(askEvery, () => this.#ask());
  }

  /** Goes on until it is well: of what is sent now and then, each complaint may be one that the other machine kept back. */
  #ask(): void {
    const to = this.endpoint;
    const socket = this.#own ?? this.#options.main();
    if (!to || !socket) return;
    this.#askLater();
    socket.send(question, to, (failure) => (failure ? this.#fail(failure) : this.#settle()));
  }

  /** Nobody says that a datagram arrived. When nobody says the contrary for a while, it did. */
  #settle(): void {
    if (this.#trouble === undefined || this.#sentAt !== undefined || this.#isClosed) return;
    const { clock } = this.#options;
    this.#sentAt = micros(clock.nowMicros());
    this.#cancelSettle = clock.after(settledAfter, () => this.#recover());
  }

  /** Heard from it, or nothing against it. */
  #recover(): void {
    this.#cancelAsk();
    this.#cancelSettle?.();
    this.#cancelSettle = undefined;
    this.#trouble = undefined;
    this.#sentAt = undefined;
    this.#options.arrived(this);
  }

  /** Asked anew after every wait, since what was true before it need not be true after. */
  #hasEnded(): boolean {
    return this.#isClosed;
  }
}
