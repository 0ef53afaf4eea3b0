import { frameShapeAt, type FrameShape } from '../../core/protocol/frame-shape.ts';
import { frameMagic, isTimed } from '../../core/protocol/frame.ts';
import { frameHeaderBytes } from '../../core/protocol/limits.ts';
import { farewellAt } from './farewell.ts';

/** Looked at inside one frame: whoever fills a large one with beginnings gets no more of our time. */
const insideMax = 64;
const timestampBytes = 8;

/** The shape at a place with what lies around it in mind. A frame that lost some bytes takes those of the next one for them, and may
 *  look whole; but then no frame begins where it ends, and one begins inside it that ends behind it. That one is believed.
 *  @param isEnd nothing more will come of what is there */
export function settledShapeAt(bytes: Buffer, at: number, isEnd: boolean): FrameShape {
  const shape = shapeAt(bytes, at);
  const end = at + shape.sizeBytes;
  if (shape.kind !== 'frame' || bytes[end] === frameMagic) return shape;
  let place = bytes.indexOf(frameMagic, at + 1);
  for (let looks = 0; place !== -1 && place < end && looks < insideMax; looks++) {
    const inside = shapeAt(bytes, place);
    const isPast = place + inside.sizeBytes > end;
    if (isPast && inside.kind === 'frame') return { kind: 'garbage', sizeBytes: 0 };
    const isSeen = place + frameHeaderBytes + (isTimed(bytes, place) ? timestampBytes : 0) < bytes.length;
    // It is told by its end, or by the silence that comes instead.
    if (isPast && inside.kind === 'beginning' && isSeen && !isEnd)
      return { kind: 'beginning', sizeBytes: place + inside.sizeBytes - at };
    place = bytes.indexOf(frameMagic, place + 1);
  }
  return shape;
}

function shapeAt(bytes: Buffer, at: number): FrameShape {
  return farewellAt(bytes, at) ?? frameShapeAt(bytes, at);
}
