import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Value } from '../../../src-main/contract/signal.ts';
import { decodePlaced, encodeFrame } from '../../../src-main/core/protocol/frame.ts';
import { messageType, type Message, type SetMessage } from '../../../src-main/core/protocol/messages.ts';
import { frameAsItCame } from '../../../src-main/core/protocol/publish-codec.ts';
import { numbered } from '../../../src-main/core/protocol/state-codec.ts';
import { bytesOfFrame } from '../../../src-main/ports/placed-frame.ts';
import { MemoryConnection } from '../../../src-main/transports/memory/memory-connection.ts';
import { FrameSlab } from '../../../src-main/transports/frame-slab.ts';
import { values } from '../protocol/arbitraries.ts';
import { toHex } from '../protocol/plain-message.ts';
import { cameIn, overSlab } from './over-slab.ts';
import { hello, Peer, RouterFixture, set, subscribe } from './router-fixture.ts';

async function peersOf(fixture: RouterFixture, slab: FrameSlab | undefined): Promise<Peer[]> {
  fixture.router.applyRules({
    enforceRanges: false,
    enforceTypes: false,
    rules: (['max', 'merge', 'lock'] as const).map((strategy) => ({
      pattern: `/${strategy}`,
      strategy,
      range: null,
      datatype: null,
      enforce: null,
    })),
  });
  const peers = [0, 1].map(() => {
    const [near, far] = MemoryConnection.pair('peer', {});
    fixture.router.accept(slab ? overSlab(far, slab) : far);
    return new Peer(near);
  });
  for (const peer of peers) peer.send(hello, subscribe('/**'));
  await fixture.settle();
  return peers;
}

const asked = fc.record({
  by: fc.nat({ max: 1 }),
  address: fc.constantFrom('/a', '/b', '/max', '/merge', '/lock'),
  value: fc.oneof(
    fc.double().map((value): Value => ({ type: 'f64', value })),
    values,
  ),
  more: fc.oneof(
    { weight: 4, arbitrary: fc.constant<Partial<SetMessage>>({}) },
    fc.constantFrom<Partial<SetMessage>>(
      { lock: true },
      { unlock: true },
      { revision: 1n },
      { ttl: { seconds: 9, absolute: false } },
    ),
  ),
});

describe('SETs in the frames in which they came', () => {
  it('[RT226] do to everybody what they do when they are written anew', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(asked, { minLength: 1, maxLength: 24 }), fc.boolean(), async (script, isBatched) => {
        const told: string[][] = [];
        for (const slab of [undefined, new FrameSlab()]) {
          const fixture = new RouterFixture();
          const peers = await peersOf(fixture, slab);
          for (const { by, address, value, more } of script) {
            peers[by]?.send(set(address, value, more));
            if (!isBatched) await fixture.settle();
          }
          await fixture.settle();
          told.push(peers.flatMap((peer) => peer.take().map((message) => toHex(encodeFrame({ ...message })))));
          const late = await fixture.join();
          late.send({ type: messageType.get, address: '/a' });
          await fixture.settle();
          told.at(-1)?.push(...late.take().map((message) => toHex(encodeFrame({ ...message }))));
        }
        expect(told[1]).toEqual(told[0]);
      }),
      { numRuns: 150 },
    );
  });

  it('[RT226] are what would be written, in their own bytes, where there is room', () => {
    fc.assert(
      fc.property(values, fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (value, revision) => {
        const bytes = encodeFrame(set('/a', value));
        const frame = cameIn(new FrameSlab(), bytes);
        const { message } = decodePlaced(frame);
        const own = numbered(message as SetMessage, revision);
        expect(own !== undefined).toBe(bytes.length <= 117);
        if (!own) return;
        const left = frameAsItCame(own);
        expect(left?.slab).toBe(frame.slab);
        expect(left && toHex(bytesOfFrame(left))).toBe(
          toHex(encodeFrame({ ...set('/a', value), revision } as Message)),
        );
        expect(left && [left.slab[left.from], left.slab[left.from + 1]]).toEqual([0x82, bytes.length + 8]);
      }),
    );
  });

  it('[RT226] are not when they came with a revision, a flag, a time or more bytes', () => {
    const plain = encodeFrame(set('/a', 1));
    for (const bytes of [
      encodeFrame(set('/a', 1, { revision: 1n })),
      encodeFrame(set('/a', 1, { lock: true })),
      encodeFrame(set('/a', 1), { timestamp: 1n }),
      encodeFrame(set('/a', 1), { qos: 'commit' }),
      Uint8Array.from([...plain, 0]),
    ]) {
      const { message } = decodePlaced(cameIn(new FrameSlab(), bytes));
      expect(numbered(message as SetMessage, 7n)).toBeUndefined();
      expect(frameAsItCame(message)).toBeUndefined();
    }
  });
});
