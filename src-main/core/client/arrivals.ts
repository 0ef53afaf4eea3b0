import type { Cancel } from '../../contract/message-link.ts';
import type { Clock } from '../../ports/clock.ts';
import { arrivalsAddress, mustArrive } from '../protocol/arrivals.ts';
import { messageType, type AckMessage } from '../protocol/messages.ts';
import type { ClientLimits } from './client-limits.ts';

export interface ArrivalsOptions {
  readonly clock: Clock;
  readonly limits: Pick<ClientLimits, 'arrivalsUntoldMax' | 'arrivalsToldMs'>;
  /** @returns whether it left */
  readonly send: (message: AckMessage) => boolean;
}

/** Counts what has arrived of what must, over all sessions with a router, and tells it so: what was under way when a connection
 *  was lost comes with the next one, each once. Routers that do not know this never answer, and nothing is counted. */
export class Arrivals {
  readonly #options: ArrivalsOptions;
  /** which count of the router's; empty before the first */
  #id = '';
  #count = 0;
  #told = 0;
  #isCounting = false;
  #cancel: Cancel | undefined;

  constructor(options: ArrivalsOptions) {
    this.#options = options;
  }

  /** What a session says first of all. */
  opening(): AckMessage {
    return { ...this.#ack(), holder: this.#id };
  }

  /** What it says when it has subscribed to all it wants. It counts nothing: it leaves with `opening`, before the router has
   *  said which count goes on. */
  wanted(): AckMessage {
    return { ...this.#ack(), revision: 0n };
  }

  /** The router's answer to `opening`. @returns false for any other ACK */
  begin({ address, revision = 0n, holder, correlationId }: AckMessage): boolean {
    // One that answers a request is about a param there.
    if (address !== arrivalsAddress || holder === undefined || correlationId !== undefined) return false;
    this.#id = holder;
    this.#count = this.#told = Number(revision);
    this.#isCounting = true;
    return true;
  }

  /** @param bytes one frame of the session, before anyone gets what is in it */
  heard(bytes: Uint8Array): void {
    if (!this.#isCounting || !mustArrive(bytes)) return;
    const { clock, limits } = this.#options;
    this.#count++;
    if (this.#count - this.#told >= limits.arrivalsUntoldMax) this.#tell();
    else this.#cancel ??= clock.after(limits.arrivalsToldMs, () => this.#tell());
  }

  /** The session is over. */
  lost(): void {
    this.#isCounting = false;
    this.#stopTimer();
  }

  #tell(): void {
    this.#stopTimer();
    // What does not leave now goes with the next one.
    if (this.#options.send(this.#ack())) this.#told = this.#count;
  }

  #stopTimer(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #ack(): AckMessage {
    return { type: messageType.ack, address: arrivalsAddress, revision: BigInt(this.#count) };
  }
}
