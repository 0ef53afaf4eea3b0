import { describe, expect, it } from 'vitest';
import { decodeCobs, encodeCobs } from '../../../src-main/core/framing/cobs.ts';

const ramp = Array.from({ length: 255 }, (_each, i) => i + 1);

/** The examples of the article on COBS in Wikipedia, which follow Cheshire and Baker. */
const examples: readonly (readonly [readonly number[], readonly number[]])[] = [
  [[0], [1, 1, 0]],
  [
    [0, 0],
    [1, 1, 1, 0],
  ],
  [
    [0, 0x11, 0],
    [1, 2, 0x11, 1, 0],
  ],
  [
    [0x11, 0x22, 0, 0x33],
    [3, 0x11, 0x22, 2, 0x33, 0],
  ],
  [
    [0x11, 0x22, 0x33, 0x44],
    [5, 0x11, 0x22, 0x33, 0x44, 0],
  ],
  [
    [0x11, 0, 0, 0],
    [2, 0x11, 1, 1, 1, 0],
  ],
  [ramp.slice(0, 254), [255, ...ramp.slice(0, 254), 0]],
  [
    [0, ...ramp.slice(0, 254)],
    [1, 255, ...ramp.slice(0, 254), 0],
  ],
  [ramp, [255, ...ramp.slice(0, 254), 2, 255, 0]],
  [
    [...ramp.slice(1), 0],
    [255, ...ramp.slice(1), 1, 1, 0],
  ],
  [
    [...ramp.slice(2), 0, 1],
    [254, ...ramp.slice(2), 2, 1, 0],
  ],
];

describe('COBS', () => {
  it.each(examples)('[SL4] writes and reads the published examples (%#)', (frame, encoded) => {
    expect([...encodeCobs(Uint8Array.from(frame))]).toEqual(encoded);
    expect(decodeCobs(Uint8Array.from(encoded.slice(0, -1)))).toEqual(Uint8Array.from(frame));
  });
});
