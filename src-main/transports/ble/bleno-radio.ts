import type { Bleno, Characteristic, ConnectionHandle, UpdateValueCallback } from '@stoprocent/bleno';
import type { Cancel } from '../../contract/message-link.ts';
import { BlenoLink } from './bleno-link.ts';
import { rxUuid, serviceUuid, txUuid } from './gatt-service.ts';
import { LibraryState } from './radio-state.ts';
import type { AcceptLink, PeripheralRadio, RadioState } from './radio.ts';

/** What one packet of advertising carries of a name. */
const nameBytesMax = 29;
/** ATT opcode and handle, which the library leaves out of a value's size */
const headerBytes = 3;
/** What reading the RX characteristic gives: which service this is, and that pieces are understood. */
const info = 'clasp pieces=1';

/** What the library has beside what its types say. */
interface BlenoInside {
  disconnect(handle?: ConnectionHandle): void;
  readonly _bindings?: { readonly _hci?: { readonly _aclOutQueue?: readonly unknown[] } };
}

/** The peripheral role by bleno: Linux (HCI) and macOS. */
export class BlenoRadio implements PeripheralRadio {
  readonly #bleno: Bleno;
  readonly #state = new LibraryState();
  readonly #links = new Map<ConnectionHandle, BlenoLink>();
  readonly #addresses = new Map<ConnectionHandle, string>();
  #accept: AcceptLink | undefined;

  constructor(bleno: Bleno) {
    this.#bleno = bleno;
    bleno.on('accept', (address, handle) => this.#addresses.set(handle, address));
    bleno.on('disconnect', (_, handle) => {
      this.#addresses.delete(handle);
      this.#end(handle, 'closed by the peer');
    });
    bleno.on('mtuChange', (mtu) => {
      // It does not say whose.
      const [only] = this.#links.values();
      if (this.#links.size === 1) only?.agreeOn(mtu);
    });
    bleno.on('stateChange', (state) => this.#state.hear(state));
  }

  onState(run: (state: RadioState) => void): Cancel {
    return this.#state.onState(run);
  }

  advertise(name: string, accept: AcceptLink): Cancel {
    this.#accept = accept;
    const service = new this.#bleno.PrimaryService({ uuid: serviceUuid, characteristics: [this.#tx(), this.#rx()] });
    this.#bleno.setServices([service]);
    this.#bleno.startAdvertising(cutName(name), [serviceUuid], (error) => {
      if (error) this.#state.hear('failed');
    });
    return () => {
      if (this.#accept !== accept) return;
      this.#accept = undefined;
      this.#bleno.stopAdvertising();
    };
  }

  async close(): Promise<void> {
    for (const link of this.#links.values()) link.disconnect();
    this.#bleno.stop();
  }

  #tx(): Characteristic {
    const { Characteristic } = this.#bleno;
    return new Characteristic({
      uuid: txUuid,
      properties: ['write', 'writeWithoutResponse'],
      onWriteRequest: (handle, data, offset, _, callback) => {
        if (offset > 0) return callback(Characteristic.RESULT_ATTR_NOT_LONG);
        const link = this.#links.get(handle);
        // Whoever asked for no notifications could hear no answer.
        if (!link) return callback(Characteristic.RESULT_UNLIKELY_ERROR);
        link.receive(data);
        callback(Characteristic.RESULT_SUCCESS);
      },
    });
  }

  #rx(): Characteristic {
    const { Characteristic } = this.#bleno;
    return new Characteristic({
      uuid: rxUuid,
      properties: ['read', 'notify'],
      onReadRequest: (_, offset, callback) => {
        const text = Buffer.from(info);
        if (offset > text.length) callback(Characteristic.RESULT_INVALID_OFFSET);
        else callback(Characteristic.RESULT_SUCCESS, text.subarray(offset));
      },
      onSubscribe: (handle, valueBytes, notify) => this.#begin(handle, valueBytes, notify),
      onUnsubscribe: (handle) => this.#end(handle, 'closed by the peer'),
    });
  }

  #begin(handle: ConnectionHandle, valueBytes: number, notify: UpdateValueCallback): void {
    const inside = this.#bleno as unknown as BlenoInside;
    this.#end(handle, 'the peer began anew');
    const link = new BlenoLink(handle, this.#addresses.get(handle), {
      mtu: valueBytes + headerBytes,
      notify,
      disconnect: () => inside.disconnect(handle),
      queued: () => inside._bindings?._hci?._aclOutQueue?.length,
    });
    this.#links.set(handle, link);
    if (this.#accept) this.#accept(link);
    else link.disconnect();
  }

  #end(handle: ConnectionHandle, reason: string): void {
    this.#links.get(handle)?.end(reason);
    this.#links.delete(handle);
  }
}

/** Whole characters only. */
function cutName(name: string): string {
  const characters = Array.from(new Intl.Segmenter().segment(name), ({ segment }) => segment);
  while (Buffer.byteLength(characters.join('')) > nameBytesMax) characters.pop();
  return characters.join('');
}
