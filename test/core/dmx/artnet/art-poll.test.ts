import { describe, expect, it } from 'vitest';
import { buildArtPoll, readArtPoll, widestTarget } from '../../../../src-main/core/dmx/artnet/art-poll.ts';

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
    expect(readArtPoll(poll(0x20))?.target).toEqual({ first: 0x100, last: 0x7fff });
    for (const flags of [0, 0x02, 0x0c, 0xdf]) expect(readArtPoll(poll(flags))).toMatchObject({ target: undefined });
    expect(readArtPoll(poll(0x20, 14))).toMatchObject({ target: undefined });
    expect(readArtPoll(poll(0x20, 13))).toBeUndefined();
  });

  it('[AN31] reads who wants to be told of changes', () => {
    const wanting = [0, 0x02, 0x22, 0xfd].map((flags) => readArtPoll(poll(flags))?.wantsChanges);
    expect(wanting).toEqual([false, true, true, false]);
  });
});

describe('widestTarget', () => {
  it('[AN6] has room for both, and for all where one asks for all', () => {
    const [one, other] = [
      { first: 5, last: 9 },
      { first: 2, last: 6 },
    ];
    expect(widestTarget(one, other)).toEqual({ first: 2, last: 9 });
    expect([widestTarget(one, undefined), widestTarget(undefined, other)]).toEqual([undefined, undefined]);
  });
});
