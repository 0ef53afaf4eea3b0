import { connect, type Socket } from 'node:net';
import { AppError } from '../../contract/errors.ts';
import type { Cancel } from '../../contract/message-link.ts';
import { millis } from '../../contract/units.ts';
import { createBackoff, type Backoff } from '../../core/retry/backoff.ts';
import { HostAddress } from '../../platform/host-address.ts';
import { nameOf, type OscPacket, type OscWireOptions } from './osc-wire.ts';
import { PacedRoom } from './paced-room.ts';
import { describeFailure, TcpLine } from './tcp-line.ts';

export const dialFirst = millis(200);
export const dialCap = millis(1000);
/** A host that says nothing is not waited for longer. */
export const dialWithin = millis(3000);

export interface TcpDialOptions extends Omit<OscWireOptions, 'networkCards' | 'fault' | 'log'> {
  readonly host: string;
  readonly port: number;
  /** of the card to dial from */
  readonly localAddress: string | undefined;
}

/** A connection to one target that is made again, without end, whenever it is not there. */
export class TcpDial {
  readonly name: string;
  readonly #options: TcpDialOptions;
  readonly #backoff: Backoff;
  #line: TcpLine | undefined;
  #dialling: Socket | undefined;
  #trouble: string | undefined = 'Connecting.';
  #cancel: Cancel = () => undefined;
  #trying: Promise<void> | undefined;
  #isClosed = false;

  constructor(options: TcpDialOptions) {
    this.#options = options;
    this.name = nameOf(options.host, options.port);
    this.#backoff = createBackoff({ random: options.random, first: dialFirst, cap: dialCap });
  }

  get line(): TcpLine | undefined {
    return this.#line;
  }

  get trouble(): string | undefined {
    return this.#trouble;
  }

  /** Settles when it is up, or failed once and is tried again by itself. Never rejects. */
  begin(): Promise<void> {
    this.#trying = this.#try();
    return this.#trying;
  }

  send(packet: OscPacket, stands: boolean): void {
    if (this.#line) this.#line.send(packet, stands);
    else this.#options.refuse(`${this.name} is not connected`);
  }

  async close(limit: Promise<unknown>): Promise<void> {
    this.#isClosed = true;
    this.#cancel();
    this.#dialling?.destroy();
    await Promise.all([this.#trying, this.#line?.close(limit)]);
  }

  async #try(): Promise<void> {
    const { host, clock } = this.#options;
    try {
      const address = await HostAddress.once(host, { clock });
      if (this.#isClosed) return;
      await this.#dial(address);
    } catch (cause) {
      if (this.#isClosed) return;
      this.#trouble = cause instanceof AppError ? cause.message : describeFailure(this.name, cause);
      this.#again();
    }
  }

  #dial(address: string): Promise<void> {
    const { port, localAddress, clock } = this.#options;
    const family = address.includes(':') ? undefined : localAddress;
    const socket = connect({ host: address, port, ...(family !== undefined && { localAddress: family }) });
    this.#dialling = socket;
    return new Promise((resolve, reject) => {
      const fail = (cause: Error): void => {
        cancel();
        this.#dialling = undefined;
        reject(cause);
      };
      const cancel = clock.after(dialWithin, () => socket.destroy(Object.assign(new Error(), { code: 'ETIMEDOUT' })));
      socket.once('error', fail);
      socket.once('close', () => fail(Object.assign(new Error(), { code: 'ECONNRESET' })));
      socket.once('connect', () => {
        cancel();
        socket.off('error', fail);
        this.#dialling = undefined;
        this.#comeUp(socket);
        resolve();
      });
    });
  }

  #comeUp(socket: Socket): void {
    const { settings, hear, left, refuse, arrived } = this.#options;
    this.#line = new TcpLine(socket, settings.framing, {
      ...{ hear, left, refuse, name: this.name, room: new PacedRoom() },
      onClose: (_, why) => this.#goDown(why ?? `${this.name} closed the connection.`),
    });
    this.#trouble = undefined;
    this.#backoff.reset();
    arrived(this.#line);
  }

  #goDown(why: string): void {
    this.#line = undefined;
    if (this.#isClosed) return;
    this.#trouble = why;
    this.#again();
  }

  /** A peer that takes a connection and closes it at once is not asked without a pause either. */
  #again(): void {
    this.#cancel();
    this.#cancel = this.#options.clock.after(this.#backoff.next(), () => void this.begin());
  }
}
