import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { micros } from '../../../src-main/contract/units.ts';
import { f64, signalKinds } from '../../../src-main/contract/signal.ts';
import { chunkSizeOf, SignalPacker } from '../../../src-main/core/journal/signal-packer.ts';
import { encodeFrame } from '../../../src-main/core/protocol/frame.ts';
import { messageType, type PublishMessage, type SetMessage } from '../../../src-main/core/protocol/messages.ts';
import { WireValue } from '../../../src-main/core/protocol/wire-value.ts';
import type { PackedSignals } from '../../../src-main/ports/journal-store.ts';
import { arbitraryValue } from '../../arbitrary-signal.ts';
import { unpackSignals } from '../../memory-journal-store.ts';

const seed = 20261121;
const address = fc.stringMatching(/^(\/[a-z0-9é日]{1,8}){1,4}$/);
const value = arbitraryValue.map((each) => WireValue.of(each));
const u32 = fc.nat(0xffff_ffff);
const u64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const setMessage: fc.Arbitrary<SetMessage> = fc.record(
  {
    type: fc.constant(messageType.set),
    address,
    value,
    revision: u64,
    lock: fc.constant(true),
    ttl: fc.record({ seconds: fc.nat(2 ** 31 - 1), absolute: fc.boolean() }),
  },
  { requiredKeys: ['type', 'address', 'value', 'revision'] },
);
const publishMessage: fc.Arbitrary<PublishMessage> = fc
  .record({
    kind: fc.constantFrom(...signalKinds),
    phase: fc.constantFrom(...(['start', 'move', 'end', 'cancel'] as const)),
    address,
    value,
    samples: fc.array(fc.double({ noNaN: true }), { maxLength: 50 }),
    u32,
    u64,
    has: fc.nat(15),
  })
  .map(({ has, kind, phase, ...each }) => ({
    type: messageType.publish,
    kind,
    address: each.address,
    ...(kind === 'gesture' && { phase }),
    ...(has & 1 ? { value: each.value } : { samples: each.samples }),
    ...(has & 2 && { timestamp: each.u64 }),
    ...(has & 4 && { id: each.u32 }),
    ...(has & 8 && { rate: each.u32 }),
  }));

/** Everything a frame says, so that two messages can be compared. */
function bytesOf(message: SetMessage | PublishMessage): string {
  return Buffer.from(encodeFrame(message)).toString('hex');
}

describe('packed signals', () => {
  it('[JR25] say all that was accepted, in order: message, time, writer, over any number of chunks', () => {
    const signal = fc.record({
      message: fc.oneof(setMessage, publishMessage),
      by: fc.constantFrom('desk', 'phone', 'mappings', 'é'),
      at: fc.nat(2 ** 52),
    });
    fc.assert(
      fc.property(fc.array(signal, { maxLength: 60, size: 'max' }), (signals) => {
        const packer = new SignalPacker();
        const chunks: PackedSignals[] = [];
        for (const { message, by, at } of signals) {
          if (packer.add(message, by, micros(at))) continue;
          chunks.push(...[packer.take(0)].filter((chunk) => chunk !== undefined));
          expect(packer.add(message, by, micros(at))).toBe(true);
        }
        const rest = packer.take(0);
        const back = [...chunks, ...(rest ? [rest] : [])].flatMap(unpackSignals);
        expect(back.map(({ message, by, at }) => [bytesOf(message), by, at])).toEqual(
          signals.map(({ message, by, at }) => [bytesOf(message), by, at]),
        );
      }),
      { seed },
    );
  });

  it('[JR25] are full after 4096 and before a chunk is too large, and take the largest message alone', () => {
    const packer = new SignalPacker();
    const small: PublishMessage = { type: messageType.publish, kind: 'event', address: '/a' };
    let count = 0;
    while (packer.add(small, 'w', micros(1))) count++;
    expect(count).toBe(4096);
    expect(packer.take(3)).toMatchObject({ lost: 3, writers: ['w'] });
    expect(packer.take(0)).toBeUndefined();
    const room = 65_535 - 2 - 2 - 2 - 1 - 1 - 2;
    const large = WireValue.of({ type: 'string', value: 'x'.repeat(room) });
    const largest: PublishMessage = { ...small, value: large };
    expect(encodeFrame(largest)).toHaveLength(4 + 65_535);
    expect(packer.add(small, 'w', micros(1))).toBe(true);
    expect(packer.add(largest, 'w', micros(1))).toBe(false);
    packer.take(0);
    expect(packer.add(largest, 'w', micros(1))).toBe(true);
    expect(packer.take(0)?.bytes).toHaveLength(65_535);
    const samples: PublishMessage = {
      type: messageType.publish,
      kind: 'stream',
      address: '/a',
      samples: Array(4000).fill(1),
    };
    expect(packer.add(samples, 'w', micros(1))).toBe(true);
    expect(packer.add(samples, 'w', micros(1))).toBe(true);
    expect(packer.add(samples, 'w', micros(1))).toBe(false);
  });

  it('[JR25] are on memory of their own', () => {
    const packer = new SignalPacker();
    const bytes = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 7);
    const message: SetMessage = {
      type: messageType.set,
      address: '/a',
      value: new WireValue(0x05, bytes),
      revision: 1n,
    };
    packer.add(message, 'w', micros(1));
    bytes.fill(255);
    const chunk = packer.take(0);
    packer.add({ ...message, value: WireValue.of(f64(1)) }, 'x', micros(2));
    const [back] = chunk ? unpackSignals(chunk) : [];
    expect(back?.message.value?.value).toEqual({ type: 'i64', value: 7n });
    expect(chunk && chunkSizeOf(chunk)).toBe(256 + packer.sizeBytes);
  });
});
