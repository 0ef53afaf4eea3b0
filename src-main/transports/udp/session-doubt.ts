import type { Cancel } from '../../contract/message-link.ts';
import type { Clock } from '../../ports/clock.ts';
import type { UdpConnection } from './udp-connection.ts';
import type { UdpLimits } from './udp-limits.ts';

export interface SessionDoubtOptions {
  readonly connection: UdpConnection;
  readonly clock: Clock;
  readonly limits: Pick<UdpLimits, 'endAskEveryMs' | 'endAsksMax'>;
  /** What was said was not so: somebody else wrote the address on it. */
  readonly onForged: () => void;
  /** Nobody answered. @param hello what was said, undefined where it was a goodbye */
  readonly onGone: (hello: Uint8Array | undefined) => void;
}

/** Something from a session's address says that the session is over: a goodbye, or a HELLO that begins anew. Anybody can write
 *  another's address on a packet, but not take away the answers of who has it: the peer is asked by PING, and stays if it says
 *  anything else in time. */
export class SessionDoubt {
  readonly #options: SessionDoubtOptions;
  #hello: Uint8Array | undefined;
  #isRaised = false;
  #isAlive = false;
  #asks = 0;
  #cancel: Cancel | undefined;

  constructor(options: SessionDoubtOptions) {
    this.#options = options;
  }

  /** Asks so many times at most, however often it is said. @param bytes the HELLO, valid only during the call */
  raise(bytes: Uint8Array | undefined): void {
    const isFirst = bytes !== undefined && !this.#hello;
    if (isFirst) this.#hello = bytes.slice();
    if (isFirst && this.#isRaised && this.#isAlive) this.#options.connection.welcomeAgain();
    if (this.#isRaised) return;
    this.#isRaised = true;
    this.#isAlive = false;
    this.#asks = 0;
    this.#ask();
  }

  /** Something else came from the address. */
  heard(): void {
    if (!this.#isRaised || this.#isAlive) return;
    this.#isAlive = true;
    // It may say HELLO because it never got the answer, and answer PINGs all the same.
    if (this.#hello) this.#options.connection.welcomeAgain();
  }

  stop(): void {
    this.#cancel?.();
  }

  #ask(): void {
    const { connection, clock, limits } = this.#options;
    if (this.#asks++ === limits.endAsksMax) return this.#settle();
    if (!this.#isAlive) connection.ping();
    this.#cancel = clock.after(limits.endAskEveryMs, () => this.#ask());
  }

  #settle(): void {
    const hello = this.#hello;
    this.#hello = undefined;
    this.#isRaised = false;
    if (this.#isAlive) this.#options.onForged();
    else this.#options.onGone(hello);
  }
}
