import { describe, expect, it } from 'vitest';
import { buildArtPoll, readArtPoll } from '../../../../src-main/core/dmx/artnet/art-poll.ts';

/** As a controller of today sends it, with flags and a range. */
function poll(flags: number, length = 22): Uint8Array {
  const bytes = Buffer.alloc(22);
  bytes.set(buildArtPoll());
  bytes[12] = flags;
  bytes.writeUInt16BE(0x7fff, 14);
  bytes.writeUInt16BE(0x0100, 16);
  return bytes.subarray(0, length);
}

describe('readArtPoll', () => {
  it('[AN6] reads the range of a targeted poll, and of any other poll none', () => {
    expect(readArtPoll(poll(0x20))).toEqual({ target: { first: 0x100, last: 0x7fff } });
    for (const flags of [0, 0x02, 0x0c, 0xdf]) expect(readArtPoll(poll(flags))).toEqual({ target: undefined });
    expect(readArtPoll(poll(0x20, 14))).toEqual({ target: undefined });
    expect(readArtPoll(poll(0x20, 13))).toBeUndefined();
  });
});
