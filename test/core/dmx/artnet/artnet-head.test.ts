import { describe, expect, it } from 'vitest';
import { beginPacket, readOpcode } from '../../../../src-main/core/dmx/artnet/artnet-head.ts';

describe('the head of a packet', () => {
  it('[AN2] is read with its operation, low byte first, and not at all when a byte of it is another', () => {
    const { packet, view } = beginPacket(0x2100, 12);
    view.setUint8(11, 14);
    expect(Buffer.from(packet).toString('hex')).toBe('4172742d4e6574000021000e');
    expect(readOpcode(packet)).toBe(0x2100);
    expect(readOpcode(packet.subarray(0, 9))).toBeUndefined();
    for (let at = 0; at < 8; at++) {
      const other = Uint8Array.from(packet);
      other[at] = 0xff;
      expect(readOpcode(other)).toBeUndefined();
    }
  });
});
