import { describe, expect, it } from 'vitest';
import { isAcn, uuidAt, writeAcnRoot } from '../../../src-main/core/dmx/acn-root.ts';

const cid = '5e1f2f9a-7f4e-4f0b-9d55-0123456789ab';

describe('the root layer', () => {
  it('[SA28] is known by its head, and has its vector, its length and its component identifier', () => {
    const packet = new Uint8Array(49);
    expect(isAcn(packet)).toBe(false);
    writeAcnRoot(packet, 8, cid);
    const view = new DataView(packet.buffer);
    expect([isAcn(packet), isAcn(packet.subarray(0, 15)), view.getUint16(16), view.getUint32(18)]).toEqual([
      true,
      false,
      0x7000 + 33,
      8,
    ]);
    expect(uuidAt(view, 22)).toBe(cid);
  });
});
