import type { Characteristic, Peripheral } from '@stoprocent/noble';
import { RadioLinkEvents } from './radio-link-events.ts';
import { endWords } from './end-words.ts';
import type { RadioLink } from './radio.ts';

/** Written without a response since the last one with: the library hands them on as fast as it gets them, and only a response
 *  says that what was before it has left. */
const unaskedBytesMax = 2048;

/** A peripheral that noble is connected to. */
export class NobleLink extends RadioLinkEvents implements RadioLink {
  readonly #peripheral: Peripheral;
  readonly #tx: Characteristic;
  readonly #canAsk: boolean;
  readonly #canTell: boolean;
  #unaskedBytes = 0;

  constructor(peripheral: Peripheral, { tx, rx }: { readonly tx: Characteristic; readonly rx: Characteristic }) {
    super(peripheral.advertisement.localName || peripheral.address || peripheral.id, peripheral.mtu);
    this.#peripheral = peripheral;
    this.#tx = tx;
    this.#canTell = tx.properties.includes('writeWithoutResponse');
    this.#canAsk = tx.properties.includes('write') || !this.#canTell;
    rx.on('data', (data, isNotification) => {
      if (isNotification) this.receive(data);
    });
    const hearMtu = (mtu: number): void => this.agreeOn(mtu);
    peripheral.on('mtu', hearMtu);
    // The library keeps the object for the next link.
    this.onEnd(() => peripheral.removeListener('mtu', hearMtu));
    peripheral.once('disconnect', (reason) => this.end(endWords(reason)));
  }

  async send(message: Uint8Array, isAsked: boolean): Promise<void> {
    this.assertOpen();
    const isFull = this.#unaskedBytes + message.length > unaskedBytesMax;
    const withoutResponse = this.#canTell && !(this.#canAsk && (isAsked || isFull));
    this.#unaskedBytes = withoutResponse ? this.#unaskedBytes + message.length : 0;
    const { buffer, byteOffset, length } = message;
    await this.#tx.writeAsync(Buffer.from(buffer, byteOffset, length), withoutResponse);
  }

  disconnect(): void {
    if (!this.hasEnded) this.#peripheral.disconnect();
  }
}
