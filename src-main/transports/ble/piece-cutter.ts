import { frameMagic } from '../../core/protocol/frame.ts';

/** First byte of the first piece of a frame. No frame begins with it. */
export const firstPieceMark = 0xc0;
/** First byte of every other piece. */
export const furtherPieceMark = 0xc1;
/** mark, number of the piece u16, length of the frame u24 */
export const firstPieceHeaderBytes = 6;
/** mark, number of the piece u16 */
export const furtherPieceHeaderBytes = 3;
/** Pieces are numbered on from frame to frame, and begin again after this many. */
export const pieceNumbers = 0x1_0000;

/** Cuts frames into what one write or notification carries. A frame that fits goes as it is, so that peers who know nothing
 *  of pieces understand it; all else goes in numbered pieces.
 *  @see docs/transports.md */
export class PieceCutter {
  #number = 0;

  /** @param room how much one message carries; asked before each, since it may grow on the way */
  *cut(frame: Uint8Array, room: () => number): Generator<Uint8Array, void> {
    if (frame[0] === frameMagic && frame.length <= room()) {
      yield frame;
      return;
    }
    for (let at = 0; at < frame.length;) {
      const headerBytes = at === 0 ? firstPieceHeaderBytes : furtherPieceHeaderBytes;
      const size = Math.min(frame.length - at, room() - headerBytes);
      const piece = new Uint8Array(headerBytes + size);
      const view = new DataView(piece.buffer);
      view.setUint8(0, at === 0 ? firstPieceMark : furtherPieceMark);
      view.setUint16(1, this.#number);
      if (at === 0) {
        view.setUint8(3, frame.length >> 16);
        view.setUint16(4, frame.length & 0xffff);
      }
      piece.set(frame.subarray(at, at + size), headerBytes);
      this.#number = (this.#number + 1) % pieceNumbers;
      at += size;
      yield piece;
    }
  }
}
