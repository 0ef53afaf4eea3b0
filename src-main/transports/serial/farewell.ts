import type { FrameShape } from '../../core/protocol/frame-shape.ts';
import type { PlacedFrame } from '../../ports/placed-frame.ts';

/** Says that there is no session on this line, or no more: a frame without a payload, which no message is, and a timestamp that is
 *  no time but the word `farewell`, which noise does not make. Old peers leave it out. */
export const farewell: Uint8Array = Buffer.from('\x53\x21\0\0farewell', 'latin1');

/** @returns undefined where none begins */
export function farewellAt(bytes: Uint8Array, at: number): FrameShape | undefined {
  const has = Math.min(bytes.length - at, farewell.length);
  for (let i = 0; i < has; i++) if (bytes[at + i] !== farewell[i]) return undefined;
  // One byte begins any frame; two begin one with a timestamp, which is no shorter.
  if (has < 2) return undefined;
  return { kind: has < farewell.length ? 'beginning' : 'frame', sizeBytes: farewell.length };
}

export function isFarewell({ slab, start, end }: PlacedFrame): boolean {
  return end - start === farewell.length && farewellAt(slab, start)?.kind === 'frame';
}
