import { tryAddress, type Address } from '../../contract/address.ts';
import type { PlacedFrame } from '../../ports/placed-frame.ts';
import { frameHeaderBytes } from './limits.ts';
import { messageType } from './messages.ts';
import { fixedSizes } from './values.ts';
import { shortMessageBytesMax } from './websocket-header.ts';
import { mixed, stirred } from './word-hash.ts';

/** All of a frame before its value: of a SET or PUBLISH with one scalar, and nothing behind it. Two frames with the same head
 *  say the same of the same, and differ in the value only. */
export interface FrameHead {
  /** bytes of it */
  readonly size: number;
  /** of the value */
  readonly code: number;
  readonly type: typeof messageType.set | typeof messageType.publish;
  /** the byte behind the message's type */
  readonly flags: number;
  /** QoS as the header has it */
  readonly qosCode: number;
  /** it is one: heads of others are not remembered */
  readonly address: Address;
}

const places = 32_768;
/** places that a head may take */
const ways = 2;
/** longer ones are not remembered: they are rare, and their reading costs little beside their bytes */
const sizeMax = 96;
const wordsMax = sizeMax / 4;
/** Where the message's type lies in a frame, its flags, and the size of its address. */
const [typeAt, flagsAt, textSizeAt] = [frameHeaderBytes, frameHeaderBytes + 1, frameHeaderBytes + 2];
/** of PUBLISH, before its value */
const valueContent = 1;

/** The heads that were met lately. A fader sends the same one again and again: knowing it by its bytes costs a tenth of reading
 *  it. A newcomer takes the place of another, so a peer that invents addresses costs time of its own and no memory. */
export class FrameHeads {
  readonly #heads = new Array<FrameHead | undefined>(places).fill(undefined);
  readonly #hashes = new Int32Array(places);
  /** of each head as many words as it may have, the last one overlapping the one before */
  readonly #words = new Int32Array(places * wordsMax);
  #turn = 0;
  /** a fader sends many in a row */
  #latest = 0;
  #slab: Uint8Array | undefined;
  #view: DataView = new DataView(new ArrayBuffer(0));

  /** @param frame one of those that lie many in a slab
   *  @returns undefined for a head that was not met lately, and for what has none */
  find(frame: PlacedFrame): FrameHead | undefined {
    const size = headSizeOf(frame);
    if (size === 0) return undefined;
    const view = this.#viewOf(frame.slab);
    if (this.#isAt(this.#latest, frame, size)) return this.#heads[this.#latest];
    const hash = hashOf(view, frame.start, size);
    const first = (hash & (places / ways - 1)) * ways;
    for (let place = first; place < first + ways; place++) {
      if (this.#hashes[place] !== hash || !this.#isAt(place, frame, size)) continue;
      this.#latest = place;
      return this.#heads[place];
    }
    return undefined;
  }

  /** Remembers the head of a frame that `find` did not know, if it has one. The frame was read, and is as Flyrail writes it. */
  learn(frame: PlacedFrame, text: string): void {
    const { slab, start } = frame;
    const size = headSizeOf(frame);
    const address = size === 0 ? undefined : tryAddress(text);
    if (address === undefined) return;
    const view = this.#viewOf(slab);
    const hash = hashOf(view, start, size);
    const place = (hash & (places / ways - 1)) * ways + (this.#turn++ & (ways - 1));
    const type = slab[start + typeAt] === messageType.set ? messageType.set : messageType.publish;
    const flags = slab[start + flagsAt] ?? 0;
    const code = type === messageType.set ? flags : (slab[start + size - 1] ?? 0);
    this.#heads[place] = {
      size,
      code,
      type,
      flags,
      qosCode: (slab[start + 1] ?? 0) >> 6,
      address,
    };
    this.#hashes[place] = hash;
    const last = start + size - 4;
    let word = place * wordsMax;
    for (let at = start; at < last; at += 4) this.#words[word++] = view.getInt32(at);
    this.#words[word] = view.getInt32(last);
  }

  #viewOf(slab: Uint8Array): DataView {
    if (slab !== this.#slab) {
      this.#slab = slab;
      this.#view = new DataView(slab.buffer, slab.byteOffset, slab.length);
    }
    return this.#view;
  }

  #isAt(place: number, { start }: PlacedFrame, size: number): boolean {
    if (this.#heads[place]?.size !== size) return false;
    const view = this.#view;
    const words = this.#words;
    let word = place * wordsMax;
    const last = start + size - 4;
    for (let at = start; at < last; at += 4, word++) if (words[word] !== view.getInt32(at)) return false;
    return words[word] === view.getInt32(last);
  }
}

/** @returns 0 for a frame that has no head, or too long a one */
function headSizeOf({ slab, start, end }: PlacedFrame): number {
  if (end - start > shortMessageBytesMax) return 0;
  const textSize = ((slab[start + textSizeAt] ?? 0) << 8) | (slab[start + textSizeAt + 1] ?? 0);
  const textEnd = start + textSizeAt + 2 + textSize;
  const isSet = slab[start + typeAt] === messageType.set;
  if (!isSet && (slab[start + typeAt] !== messageType.publish || slab[textEnd] !== valueContent)) return 0;
  const code = (isSet ? slab[start + flagsAt] : slab[textEnd + 1]) ?? 0;
  const headEnd = isSet ? textEnd : textEnd + 2;
  const valueSize = fixedSizes[code];
  const size = headEnd - start;
  return valueSize !== undefined && headEnd + valueSize === end && size <= sizeMax ? size : 0;
}

function hashOf(view: DataView, start: number, size: number): number {
  let hash = size;
  const last = start + size - 4;
  for (let at = start; at < last; at += 4) hash = stirred(hash, view.getInt32(at));
  return mixed(stirred(hash, view.getInt32(last)));
}
