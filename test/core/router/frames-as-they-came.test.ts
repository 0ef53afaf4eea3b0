import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { f64, type GesturePhase, type Value } from '../../../src-main/contract/signal.ts';
import { arrivalsAddress } from '../../../src-main/core/protocol/arrivals.ts';
import { encodeFrame, type FrameOptions } from '../../../src-main/core/protocol/frame.ts';
import {
  messageType,
  type Message,
  type SetMessage,
  type SubscribeOptions,
} from '../../../src-main/core/protocol/messages.ts';
import { WireValue } from '../../../src-main/core/protocol/wire-value.ts';
import { bytesOfFrame } from '../../../src-main/ports/placed-frame.ts';
import { MemoryConnection } from '../../../src-main/transports/memory/memory-connection.ts';
import { FrameSlab } from '../../../src-main/transports/frame-slab.ts';
import { SimulatedClock } from '../../simulated-clock.ts';
import { values } from '../protocol/arbitraries.ts';
import { legacyFrame } from '../protocol/legacy-packing.ts';
import { toHex } from '../protocol/plain-message.ts';
import { overSlab } from './over-slab.ts';
import { hello, pattern, RouterFixture, set, subscribe, subscribeWith } from './router-fixture.ts';

const beganAt = BigInt(new SimulatedClock().nowMicros());

/** So long that frames of one f64 have 96 bytes before it, or come to the borders of 117, 118, 125 and 126 bytes. */
const longAddress = fc
  .constantFrom(86, 87, 88, 89, 92, 93, 99, 100, 101, 102, 107, 108, 109, 110, 111)
  .map((size) => `/${'x'.repeat(size - 1)}`);
const address = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('/a', '/b', '/max', '/merge', '/lock', '/ü/日本') },
  { weight: 2, arbitrary: longAddress },
  { weight: 1, arbitrary: fc.constantFrom('', 'a', '/a//b', '/a/*', '/**') },
);
const value = fc
  .oneof(
    { weight: 3, arbitrary: fc.double().map((one): Value => ({ type: 'f64', value: one })) },
    {
      weight: 1,
      arbitrary: fc.string({ minLength: 40, maxLength: 120 }).map((one): Value => ({ type: 'string', value: one })),
    },
    { weight: 2, arbitrary: values },
  )
  .map((one) => WireValue.of(one));
/** Parts of one map, that a rule makes one. */
const merged = fc
  .subarray(['one', 'other', 'third'], { minLength: 1 })
  .map((keys) => set('/merge', { type: 'map', value: keys.map((key) => [key, f64(keys.length)]) }));
const phase = fc.constantFrom<GesturePhase>('start', 'move', 'end', 'cancel');
const param = fc.record({ type: fc.constant(messageType.set), address, value });
const signal: fc.Arbitrary<Message> = fc.oneof(
  { weight: 4, arbitrary: param },
  merged,
  fc
    .tuple(
      param,
      fc.constantFrom<Partial<SetMessage>>(
        ...[{ revision: 0n }, { revision: 1n }, { revision: 2n }, { lock: true }, { unlock: true }],
        { ttl: { seconds: 1, absolute: false } },
      ),
    )
    .map(([message, more]) => ({ ...message, ...more })),
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constant(messageType.publish),
      kind: fc.constantFrom('stream', 'event', 'param'),
      address,
      value,
    }),
  },
  fc.record({ type: fc.constant(messageType.publish), kind: fc.constant('gesture'), address, phase, value }),
  fc.record(
    {
      ...{ type: fc.constant(messageType.publish), kind: fc.constant('gesture'), address, phase, value },
      id: fc.nat({ max: 2 }),
      timestamp: fc.constant(5n),
    },
    { requiredKeys: ['type', 'kind', 'address', 'phase', 'value'] },
  ),
);
const asked: fc.Arbitrary<Message> = fc.oneof(
  { weight: 12, arbitrary: signal },
  fc.tuple(fc.array(signal, { maxLength: 4 }), fc.constantFrom(undefined, 20, 1500)).map(([messages, inMs]) => ({
    ...{ type: messageType.bundle, messages },
    ...(inMs !== undefined && { timestamp: beganAt + BigInt(inMs * 1000) }),
  })),
  address.map((one) => ({ type: messageType.get, address: one })),
  fc
    .constantFrom<SubscribeOptions>({ maxRate: 5 }, { epsilon: 0.5 }, { history: 20 })
    .map((options) => subscribeWith(options, '/**')),
);
const header: fc.Arbitrary<FrameOptions> = fc.oneof(
  { weight: 6, arbitrary: fc.constant({}) },
  fc.record({ qos: fc.constantFrom('fire', 'confirm', 'commit') }, { requiredKeys: [] }),
  fc.record({ timestamp: fc.bigInt({ min: 2n, max: 30n }) }),
);

/** One frame, sometimes with bytes behind it, or with others in the place of its last: NaN has many. */
const frame = fc.oneof(
  {
    weight: 12,
    arbitrary: fc
      .tuple(asked, header, fc.uint8Array({ maxLength: 8 }), fc.constantFrom('keep', 'keep', 'keep', 'more', 'other'))
      .map(([message, options, bytes, end]) => {
        const whole = encodeFrame(message, options);
        if (end === 'more') return Uint8Array.from([...whole, ...bytes]);
        const changed = whole.slice();
        if (end === 'other') changed.set(bytes.subarray(0, whole.length), Math.max(0, whole.length - bytes.length));
        return changed;
      }),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom('SET', 'PUBLISH')
      .map((type) => legacyFrame({ type, address: '/a', value: 1.5, signal: 'event' })),
  },
);
const step = fc.oneof(
  { weight: 16, arbitrary: fc.record({ do: fc.constant('send' as const), who: fc.nat(2), bytes: frame }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('again' as const), who: fc.nat(2), back: fc.nat(6) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('settle' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('advance' as const), ms: fc.constantFrom(1, 40, 2000) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constantFrom('pause' as const, 'resume' as const, 'rules' as const),
      who: fc.nat(2),
    }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer One> ? One : never;

/** A client that notes every byte of what it gets. */
class Wire {
  readonly near: MemoryConnection;
  readonly heard: string[] = [];
  readonly #sent: Uint8Array[] = [];
  readonly #givenOut: [chunk: Uint8Array, hex: string][] = [];

  constructor(fixture: RouterFixture, slab: FrameSlab | undefined) {
    const [near, far] = MemoryConnection.pair('peer', { queueBytesMax: 400 });
    this.near = near;
    near.onFrame((chunk) => this.heard.push(...messagesIn(bytesOfFrame(chunk))));
    near.onClose((reason) => this.heard.push(reason));
    const connection = overSlab(far, slab, 'websocket');
    fixture.router.accept({
      ...connection,
      send: (chunk) => {
        this.#givenOut.push([chunk, toHex(chunk)]);
        return connection.send(chunk);
      },
    });
  }

  /** What a socket was given must not change while it sends it. */
  expectUnchanged(): void {
    for (const [chunk, hex] of this.#givenOut) expect(toHex(chunk)).toEqual(hex);
  }

  send(bytes: Uint8Array): void {
    this.#sent.push(bytes);
    this.near.send(bytes);
  }

  /** @param back so many have been sent since */
  sendAgain(back: number): void {
    const bytes = this.#sent.at(-1 - back);
    if (bytes) this.near.send(bytes);
  }
}

/** The frames in unmasked WebSocket messages, each in the shortest form. */
function messagesIn(chunk: Uint8Array): string[] {
  const frames: string[] = [];
  for (let at = 0; at < chunk.length;) {
    const short = chunk[at + 1] ?? 0;
    const size = short === 126 ? ((chunk[at + 2] ?? 0) << 8) | (chunk[at + 3] ?? 0) : short;
    expect([chunk[at], short < 126 || (short === 126 && size > 125)]).toEqual([0x82, true]);
    const start = at + (short === 126 ? 4 : 2);
    at = start + size;
    expect(at).toBeLessThanOrEqual(chunk.length);
    frames.push(toHex(chunk.subarray(start, at)));
  }
  return frames;
}

/** A switch back and forth between rules and none. */
function ruleBy(fixture: RouterFixture, isOn: boolean): void {
  const strategies = isOn ? (['max', 'merge', 'lock'] as const) : [];
  fixture.router.applyRules({
    ...{ enforceRanges: false, enforceTypes: false },
    rules: strategies.map((strategy) => ({
      pattern: `/${strategy}`,
      strategy,
      range: null,
      datatype: null,
      enforce: null,
    })),
  });
}

/** All that anybody can see of a script. */
async function told(script: readonly Step[], slab: FrameSlab | undefined, limits: object): Promise<unknown> {
  const fixture = new RouterFixture({ outboxMessagesMax: 60, batchBytesMax: 2000, ...limits });
  const [kept, tapped]: [unknown[], unknown[]] = [[], []];
  fixture.router.keepWith({
    whenKept: (run) => run(undefined),
    record: (message, { name }, at) => void kept.push([toHex(encodeFrame({ ...message })), name, at]),
  });
  fixture.router.tap((delivery) => void tapped.push(shown(delivery)));
  const mapping = fixture.router.openLocal('mapping');
  mapping.subscribe(pattern('/a'), (deliveries) => {
    for (const { signal } of deliveries)
      if (signal.kind !== 'timeline') mapping.publish([{ ...signal, address: '/b' as never }]);
  });
  ruleBy(fixture, true);
  const wires = [0, 1, 2].map(() => new Wire(fixture, slab));
  for (const [n, wire] of wires.entries()) {
    // One gives its requests ids, and counts what arrives.
    wire.send(n === 0 ? encodeFrame({ ...hello, resume: 'secret' }, { timestamp: 1n }) : encodeFrame(hello));
    if (n === 0) wire.send(encodeFrame({ type: messageType.ack, address: arrivalsAddress, holder: '', revision: 0n }));
    wire.send(encodeFrame(subscribe('/**', 9)));
  }
  await fixture.settle();
  for (const [n, each] of script.entries()) await take(each, n, { fixture, wires });
  for (const { near } of wires) near.resumeReading();
  await fixture.settle();
  const late = new Wire(fixture, slab);
  late.send(encodeFrame(hello));
  late.send(encodeFrame(subscribeWith({ history: 100 }, '/**')));
  await fixture.settle();
  for (const wire of [...wires, late]) wire.expectUnchanged();
  const { counters, ...rest } = {
    counters: shown(fixture.router.stats()),
    heard: [...wires, late].map(({ heard }) => heard),
  };
  return {
    ...rest,
    counters,
    kept,
    tapped,
    params: shown(
      [...fixture.router.params.records()].map(({ value: one, ...record }) => [record, one.code, toHex(one.data)]),
    ),
  };
}

async function take(
  each: Step,
  n: number,
  { fixture, wires }: { fixture: RouterFixture; wires: Wire[] },
): Promise<void> {
  const wire = 'who' in each ? wires[each.who] : undefined;
  switch (each.do) {
    case 'send':
      wire?.send(each.bytes);
      break;
    case 'again':
      wire?.sendAgain(each.back);
      break;
    case 'settle':
      await fixture.settle();
      break;
    case 'advance':
      fixture.clock.advance(each.ms);
      break;
    case 'pause':
      wire?.near.pauseReading();
      break;
    case 'resume':
      wire?.near.resumeReading();
      break;
    case 'rules':
      ruleBy(fixture, n % 2 === 0);
      break;
    default:
      each satisfies never;
  }
}

/** As plain text, with what JSON has no words for. */
function shown(part: unknown): string {
  return JSON.stringify(part, (_key, one: unknown) => {
    if (typeof one === 'bigint') return `${one}n`;
    if (typeof one === 'number') return Object.is(one, -0) ? '-0' : String(one);
    return one instanceof Uint8Array ? toHex(one) : one;
  });
}

describe('frames that leave as they came', () => {
  it.each([
    ['handled as they come', {}],
    ['waiting in line', { atOncePerTurnMax: 1, turnMicros: 0 }],
    ['with little that is remembered', { recentMax: 8, cachedTargetsMax: 2 }],
  ])('[RT442] do to everybody, byte for byte, what frames do that each lie alone, %s', async (_name, limits) => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), fc.constantFrom(300, 5000), async (script, slabBytes) => {
        expect(await told(script, new FrameSlab(slabBytes), limits)).toEqual(await told(script, undefined, limits));
      }),
      { numRuns: 100 },
    );
  });
});
