import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { f64 } from '../../../src-main/contract/signal.ts';
import { waitsOf } from '../../../src-main/core/client/asker.ts';
import { Backlog } from '../../../src-main/core/client/backlog.ts';
import type { PlainFrame } from '../../../src-main/core/client/outgoing.ts';
import { messageType, type SetMessage } from '../../../src-main/core/protocol/messages.ts';
import { WireValue } from '../../../src-main/core/protocol/wire-value.ts';

const steps = fc.array(
  fc.record({ address: fc.constantFrom('/a', '/b', '/c'), lock: fc.boolean(), isRemoved: fc.boolean() }),
  { maxLength: 30 },
);

describe('the backlog', () => {
  it('[CC23] leaves what writing everything in order would, with one plain value for each address', () => {
    fc.assert(
      fc.property(steps, (made) => {
        const backlog = new Backlog();
        const last = new Map<string, number>();
        const locks: number[] = [];
        for (const [value, { address, lock, isRemoved }] of made.entries()) {
          const frame = frameOf({ type: messageType.set, address, value: WireValue.of(f64(value)), lock }, value);
          backlog.add(frame);
          if (isRemoved) backlog.remove(frame);
          else last.set(address, value);
          if (lock && !isRemoved) locks.push(value);
        }
        const left = [...backlog.frames()].map(({ message }) => message as SetMessage);
        const numberIn = ({ value }: SetMessage): number => (value.value as { readonly value: number }).value;
        expect(left.map(numberIn)).toEqual(left.map(numberIn).sort((x, y) => x - y));
        expect(left.filter(({ lock }) => lock).map(numberIn)).toEqual(locks);
        const plain = left.filter(({ lock }) => !lock).map(({ address }) => address);
        expect(new Set(plain).size).toBe(plain.length);
        expect([backlog.heldCount, backlog.heldBytes]).toEqual([left.length, left.length * 10]);
        if (!made.some(({ isRemoved }) => isRemoved)) {
          expect(new Map(left.map((message) => [message.address, numberIn(message)]))).toEqual(last);
        }
        expect(backlog.takeAll()).toHaveLength(left.length);
        expect([backlog.isEmpty, backlog.heldCount, backlog.heldBytes]).toEqual([true, 0, 0]);
      }),
    );
  });
});

function frameOf(message: SetMessage, id: number): PlainFrame {
  return { isRequest: false, id: BigInt(id), message, bytes: new Uint8Array(10), waits: waitsOf(message) };
}
