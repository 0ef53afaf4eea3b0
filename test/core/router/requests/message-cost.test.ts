import { expect, it } from 'vitest';
import { parseAddress } from '../../../../src-main/contract/address.ts';
import { fromJson } from '../../../../src-main/contract/signal.ts';
import { messageType, type Message } from '../../../../src-main/core/protocol/messages.ts';
import { WireValue } from '../../../../src-main/core/protocol/wire-value.ts';
import { costOf } from '../../../../src-main/core/router/requests/message-cost.ts';
import { plainRuling, type Ruling } from '../../../../src-main/core/router/state/signal-rules.ts';
import { publish, set, subscribe } from '../router-fixture.ts';

const merging: Ruling = { strategy: 'merge', bounds: undefined };
const exchange = {
  rules: { of: (address: string) => (address.startsWith('/merged') ? merging : plainRuling) },
  table: { get: (address: string) => (address === '/merged/large' ? { address, sizeBytes: 48_000 } : undefined) },
} as never;
const cost = (message: Message): number => costOf(message, exchange);

it('[RT432] what is small costs nothing beside its bytes', () => {
  expect([set('/a', 1), publish('event', '/a'), publish('stream', '/a'), set('/merged/new', 1)].map(cost)).toEqual([
    0, 0, 0, 0,
  ]);
});

it('[RT432] rules are not asked, and so remember nothing, of an address where nothing stands', () => {
  const asked: string[] = [];
  const rules = { of: (address: string) => (asked.push(address), merging) };
  expect(costOf(set(`no address ${'x'.repeat(60_000)}`, 1), { ...(exchange as object), rules } as never)).toBe(0);
  expect(asked).toEqual([]);
});

it('[RT432] a look through the params costs the same, whoever asks for it', () => {
  const ping: Message = { type: messageType.ping };
  const query: Message = { type: messageType.query, pattern: '/**' };
  expect([cost(subscribe('/**')), cost(query), cost(ping)]).toEqual([32, 32, 0]);
});

it('[RT432] a merge costs by what stands there, a timeline by its keyframes, and a bundle what is in it', () => {
  const merge = set('/merged/large', fromJson({ key: 1 }));
  const keyframes = Array.from({ length: 400 }, (_, n) => ({ time: n, value: n }));
  const value = WireValue.of(fromJson({ keyframes }));
  const timeline: Message = { type: messageType.publish, kind: 'timeline', address: parseAddress('/t'), value };
  expect(cost(merge)).toBe(750);
  expect(cost(timeline)).toBe(Math.floor(value.size / 32));
  expect(cost(timeline)).toBeGreaterThan(100);
  const bundle: Message = { type: messageType.bundle, messages: [merge, merge, timeline, set('/a', 1)] };
  expect(cost(bundle)).toBe(2 * 750 + cost(timeline));
});
