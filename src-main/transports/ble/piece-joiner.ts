import type { Cancel } from '../../contract/message-link.ts';
import type { Millis } from '../../contract/units.ts';
import { frameBytesMax } from '../../core/protocol/limits.ts';
import type { Clock } from '../../ports/clock.ts';
import {
  firstPieceHeaderBytes,
  firstPieceMark,
  furtherPieceHeaderBytes,
  furtherPieceMark,
  pieceNumbers,
} from './piece-cutter.ts';

export interface PieceJoinerOptions {
  readonly clock: Clock;
  /** for the next piece */
  readonly waitMs: Millis;
  /** @param bytes one whole frame, or whatever else a peer wrote; valid only during the call */
  readonly onFrame: (bytes: Uint8Array) => void;
  /** what cannot become a frame any more, or was no piece of one, was left out */
  readonly onTorn: () => void;
}

interface Partial {
  readonly frame: Uint8Array;
  used: number;
  /** of the next piece */
  number: number;
}

/** Puts frames together from the pieces that writes or notifications bring. A frame of which a piece was lost is left out whole,
 *  so that what comes out is always what one peer put in. */
export class PieceJoiner {
  readonly #options: PieceJoinerOptions;
  #partial: Partial | undefined;
  #cancelWait: Cancel | undefined;

  constructor(options: PieceJoinerOptions) {
    this.#options = options;
  }

  /** @param message one write or notification; valid only during the call */
  read(message: Uint8Array): void {
    const [mark] = message;
    if (mark === furtherPieceMark) this.#goOn(message);
    else if (mark === firstPieceMark) this.#begin(message);
    else {
      this.#giveUp();
      if (message.length > 0) this.#options.onFrame(message);
    }
  }

  /** Nothing more comes. */
  end(): void {
    this.#cancelWait?.();
    this.#partial = undefined;
  }

  #begin(message: Uint8Array): void {
    this.#giveUp();
    if (message.length <= firstPieceHeaderBytes) return this.#options.onTorn();
    const view = viewOf(message);
    const sizeBytes = view.getUint8(3) * 0x1_0000 + view.getUint16(4);
    const body = message.subarray(firstPieceHeaderBytes);
    if (sizeBytes < body.length || sizeBytes > frameBytesMax) return this.#options.onTorn();
    this.#partial = { frame: new Uint8Array(sizeBytes), used: 0, number: view.getUint16(1) };
    this.#add(this.#partial, body);
  }

  #goOn(message: Uint8Array): void {
    const partial = this.#partial;
    const body = message.subarray(furtherPieceHeaderBytes);
    const fits = partial && body.length > 0 && partial.used + body.length <= partial.frame.length;
    if (fits && viewOf(message).getUint16(1) === partial.number) return this.#add(partial, body);
    // What is left of a frame that is given up already says nothing new.
    this.#giveUp();
  }

  #add(partial: Partial, body: Uint8Array): void {
    partial.frame.set(body, partial.used);
    partial.used += body.length;
    partial.number = (partial.number + 1) % pieceNumbers;
    this.#cancelWait?.();
    this.#cancelWait = undefined;
    if (partial.used < partial.frame.length) {
      this.#cancelWait = this.#options.clock.after(this.#options.waitMs, () => this.#giveUp());
      return;
    }
    this.#partial = undefined;
    this.#options.onFrame(partial.frame);
  }

  #giveUp(): void {
    if (!this.#partial) return;
    this.end();
    this.#options.onTorn();
  }
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}
