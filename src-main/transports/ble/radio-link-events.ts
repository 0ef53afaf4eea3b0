import { UnavailableError } from '../../contract/errors.ts';
import { messageBytesFor } from './gatt-service.ts';

/** that wait for a listener; a link has one from its first turn on */
const earlyMessagesMax = 64;

/** What links of all radios have in common: who listens, what came before, and whether it has ended. */
export abstract class RadioLinkEvents {
  readonly peer: string;
  #messageBytes: number;
  #listener: ((message: Uint8Array) => void) | undefined;
  #early: Uint8Array[] = [];
  #endedBecause: string | undefined;
  readonly #enders: ((reason: string) => void)[] = [];

  /** @param mtu as far as it is known */
  constructor(peer: string, mtu?: number | null) {
    this.peer = peer;
    this.#messageBytes = messageBytesFor(mtu);
  }

  get messageBytes(): number {
    return this.#messageBytes;
  }

  get hasEnded(): boolean {
    return this.#endedBecause !== undefined;
  }

  onMessage(run: (message: Uint8Array) => void): void {
    this.#listener = run;
    for (const message of this.#early.splice(0)) run(message);
  }

  onEnd(run: (reason: string) => void): void {
    if (this.#endedBecause === undefined) this.#enders.push(run);
    else run(this.#endedBecause);
  }

  agreeOn(mtu: number | null | undefined): void {
    this.#messageBytes = messageBytesFor(mtu);
  }

  /** A message came. */
  receive(message: Uint8Array): void {
    if (this.hasEnded) return;
    if (this.#listener) this.#listener(message);
    else if (this.#early.length < earlyMessagesMax) this.#early.push(message.slice());
  }

  /** Only the first call counts. */
  end(reason: string): void {
    if (this.#endedBecause !== undefined) return;
    this.#endedBecause = reason;
    this.#early = [];
    for (const run of this.#enders.splice(0)) run(reason);
  }

  /** @throws UnavailableError 'link-closed' */
  protected assertOpen(): void {
    if (this.#endedBecause !== undefined) throw new UnavailableError('link-closed', this.#endedBecause);
  }
}
