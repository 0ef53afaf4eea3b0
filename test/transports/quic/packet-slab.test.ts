import fc from 'fast-check';
import { expect, it } from 'vitest';
import { PacketSlab } from '../../../src-main/transports/quic/packet-slab.ts';

it('[TP59] packets lie one behind the other, and what is written later leaves those that were taken alone', () => {
  const sizes = fc.record({
    room: fc.integer({ min: 1, max: 9000 }),
    part: fc.double({ min: 0, max: 1, noNaN: true }),
  });
  fc.assert(
    fc.property(fc.array(sizes, { maxLength: 60 }), (packets) => {
      const slab = new PacketSlab();
      const taken = packets.map(({ room, part }, i) => {
        // As a connection that finds that it has nothing to send, and then has.
        slab.room(1350).fill(0xff);
        const bytes = slab.room(room).fill(i);
        expect(bytes.length).toBe(room);
        return slab.take(Math.floor(room * part));
      });
      for (const [i, packet] of taken.entries()) expect(packet.every((byte) => byte === i)).toBe(true);
      for (const [i, packet] of taken.entries()) {
        const next = taken[i + 1];
        if (next?.buffer === packet.buffer) expect(next.byteOffset).toBe(packet.byteOffset + packet.length);
      }
    }),
  );
});

it('[TP59] short packets share a slab, as long as there is room for the longest', () => {
  const slab = new PacketSlab();
  const taken = Array.from({ length: 65 }, () => {
    slab.room(1024);
    return slab.take(1024);
  });
  expect(new Set(taken.map(({ buffer }) => buffer)).size).toBe(2);
  expect(slab.room(65_536).length).toBe(65_536);
});
