import type { Value } from '../../contract/signal.ts';
import { decodeValue, encodeValue } from './values.ts';

/** A value as it stands on the wire, decoded only when somebody looks.
 *  A view made by the decoder shares the frame's bytes and is valid as long as they are; `copy` before storing. */
export class WireValue {
  /** 0x00 null … 0x0B map. @see CLASP-WIRE §2 */
  readonly code: number;
  /** what follows the type code */
  readonly data: Uint8Array;
  #decoded: Value | undefined;

  constructor(code: number, data: Uint8Array, decoded?: Value) {
    this.code = code;
    this.data = data;
    this.#decoded = decoded;
  }

  /** @throws LimitError 'frame-too-large' when a string, array or map is past what u16 can count */
  static of(value: Value): WireValue {
    const bytes = encodeValue(value);
    return new WireValue(bytes[0] ?? 0, bytes.subarray(1), value);
  }

  get value(): Value {
    return (this.#decoded ??= decodeValue(this.code, this.data));
  }

  /** The same value on bytes of its own. */
  copy(): WireValue {
    return new WireValue(this.code, this.data.slice(), this.#decoded);
  }

  equals(other: WireValue): boolean {
    return (
      this.code === other.code && this.data.length === other.data.length && this.data.every((byte, i) => byte === other.data[i])
    );
  }
}
