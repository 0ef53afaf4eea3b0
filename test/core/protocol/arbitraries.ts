import type * as npm from '@clasp-to/core';
import fc from 'fast-check';
import { conflictStrategies, signalKinds, type GesturePhase, type Value } from '../../../src-main/contract/signal.ts';
import { messageType, type Feature, type Message } from '../../../src-main/core/protocol/messages.ts';
import { WireValue } from '../../../src-main/core/protocol/wire-value.ts';
import type { NpmMessage } from './npm-message.ts';

/** Anything that our codec can carry, for round trips. */
const text = fc.oneof(fc.string({ maxLength: 12 }), fc.string({ unit: 'grapheme', maxLength: 12 }));
const address = text.map((rest) => `/${rest}`);
const u8 = fc.integer({ min: 0, max: 0xff });
const u32 = fc.integer({ min: 0, max: 0xffff_ffff });
const u64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const kind = fc.constantFrom(...signalKinds);
const phase = fc.constantFrom<GesturePhase>('start', 'move', 'end', 'cancel');
const samples = fc.array(fc.double(), { maxLength: 6 });

export const values: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    fc.constant<Value>({ type: 'null' }),
    fc.boolean().map((value): Value => ({ type: 'bool', value })),
    fc.integer({ min: -0x80, max: 0x7f }).map((value): Value => ({ type: 'i8', value })),
    fc.integer({ min: -0x8000, max: 0x7fff }).map((value): Value => ({ type: 'i16', value })),
    fc.integer().map((value): Value => ({ type: 'i32', value })),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((value): Value => ({ type: 'i64', value })),
    fc.float().map((value): Value => ({ type: 'f32', value })),
    fc.double().map((value): Value => ({ type: 'f64', value })),
    text.map((value): Value => ({ type: 'string', value })),
    fc.uint8Array({ maxLength: 12 }).map((value): Value => ({ type: 'bytes', value })),
    fc.array(tie('value'), { maxLength: 4 }).map((value): Value => ({ type: 'array', value })),
    fc.array(fc.tuple(text, tie('value')), { maxLength: 4 }).map((value): Value => ({ type: 'map', value })),
  ),
})).value;
const value = values.map((one) => WireValue.of(one));

/** Every kind of message, as decoding gives it. */
export const messages: fc.Arbitrary<Message> = fc.letrec<{ message: Message }>((tie) => ({
  message: fc.oneof({ maxDepth: 3 }, ...flat(), bundle(tie('message'))),
})).message;

function flat(): fc.Arbitrary<Message>[] {
  return [...greetings(), ...signals(), ...answers()];
}

function greetings(): fc.Arbitrary<Message>[] {
  const token = fc.string({ minLength: 1, maxLength: 12 });
  const features: Feature[] = [...signalKinds, 'federation'];
  const described = { address, kind };
  return [
    record(
      { type: fc.constant(messageType.hello), version: u8, features: fc.subarray(features), name: text },
      { token, resume: token },
    ),
    record(
      {
        type: fc.constant(messageType.welcome),
        version: u8,
        features: fc.subarray([...signalKinds]),
        time: u64,
        session: text,
        name: text,
      },
      { token },
    ),
    fc.record({
      type: fc.constant(messageType.announce),
      namespace: address,
      signals: fc.array(
        record(described, {
          datatype: text,
          access: text,
          meta: record(
            {},
            {
              ...{ unit: text, range: fc.tuple(fc.double(), fc.double()), default: value, description: text },
              strategy: fc.constantFrom(...conflictStrategies),
            },
          ),
        }),
        { maxLength: 3 },
      ),
    }),
    fc.record({
      type: fc.constant(messageType.result),
      signals: fc.array(record(described, { datatype: text, access: text }), { maxLength: 3 }),
    }),
    fc.record({ type: fc.constant(messageType.query), pattern: address }),
    record(
      {
        type: fc.constant(messageType.federationSync),
        operation: u8,
        patterns: fc.array(address, { maxLength: 3 }),
        revisions: fc.array(fc.tuple(address, u64), { maxLength: 3 }),
      },
      { since: u64, origin: text },
    ),
  ];
}

function signals(): fc.Arbitrary<Message>[] {
  const options = record({}, { maxRate: u32, epsilon: fc.double(), history: u32, window: u32 });
  const ttl = fc.record({ seconds: fc.integer({ min: 0, max: 0x7fff_ffff }), absolute: fc.boolean() });
  const publish = { type: fc.constant(messageType.publish), address };
  const more = { timestamp: u64, id: u32, rate: u32 };
  return [
    record(
      { type: fc.constant(messageType.set), address, value },
      { revision: u64, lock: fc.constant(true), unlock: fc.constant(true), ttl },
    ),
    fc.record({ type: fc.constant(messageType.get), address }),
    fc.record({
      type: fc.constant(messageType.snapshot),
      params: fc.array(record({ address, value, revision: u64 }, { writer: text, timestamp: u64 }), { maxLength: 3 }),
    }),
    record(
      { type: fc.constant(messageType.subscribe), id: u32, pattern: address, types: u8 },
      { options: options.filter((one) => Object.keys(one).length > 0) },
    ),
    fc.record({ type: fc.constant(messageType.unsubscribe), id: u32 }),
    record({ type: fc.constant(messageType.replay), pattern: address, types: u8 }, { from: u64, to: u64, limit: u32 }),
    record({ ...publish, kind: kind.filter((one) => one !== 'gesture') }, { ...more, value }),
    record({ ...publish, kind: fc.constant('stream' as const), samples }, more),
    record({ ...publish, kind: fc.constant('gesture' as const), phase }, { ...more, value }),
  ];
}

function answers(): fc.Arbitrary<Message>[] {
  return [
    record(
      { type: fc.constant(messageType.ack) },
      { address, revision: u64, locked: fc.boolean(), holder: text, correlationId: u32 },
    ),
    record(
      { type: fc.constant(messageType.error), code: fc.integer({ min: 0, max: 0xffff }), message: text },
      { address, correlationId: u32 },
    ),
    record({ type: fc.constant(messageType.sync), t1: u64 }, { t2: u64, t3: u64 }),
    fc.constant({ type: messageType.ping }),
    fc.constant({ type: messageType.pong }),
  ];
}

function bundle(message: fc.Arbitrary<Message>): fc.Arbitrary<Message> {
  return record(
    { type: fc.constant(messageType.bundle), messages: fc.array(message, { maxLength: 4 }) },
    { timestamp: u64 },
  );
}

/** What is needed always, what may be left out sometimes. */
function record<N extends object, M extends object>(
  need: { [K in keyof N]: fc.Arbitrary<N[K]> },
  may: { [K in keyof M]: fc.Arbitrary<M[K]> },
): fc.Arbitrary<N & Partial<M>> {
  return fc
    .tuple(fc.record(need), fc.record(may, { requiredKeys: [] }))
    .map(([left, right]) => ({ ...left, ...right }) as N & Partial<M>);
}

// Messages of the official codec: it drops empty optional texts, sorts integer-like keys, and its buffer ends at 4 KiB.
const npmText = fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 12 }).map((one) => `n${one}`);
const npmTime = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
const npmValue: fc.Arbitrary<npm.Value> = fc.letrec<{ value: npm.Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constant(null),
    fc.boolean(),
    fc.double({ noNaN: true }),
    fc.string({ unit: 'grapheme', maxLength: 8 }),
    fc.uint8Array({ maxLength: 8 }),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(npmText, tie('value'), { maxKeys: 3 }),
  ),
})).value;

/** Every kind of message that the official npm codec knows. */
export const npmMessages: fc.Arbitrary<NpmMessage> = fc.letrec<{ message: NpmMessage }>((tie) => ({
  message: fc.oneof(
    { maxDepth: 2 },
    ...npmGreetings(),
    ...npmSignals(),
    record<{ type: 'BUNDLE'; messages: npm.Message[] }, { timestamp: number }>(
      { type: fc.constant('BUNDLE'), messages: fc.array(tie('message'), { maxLength: 3 }) },
      { timestamp: npmTime },
    ),
  ),
})).message;

function npmGreetings(): fc.Arbitrary<NpmMessage>[] {
  const features = fc.subarray<string>([...signalKinds]);
  const optional = { datatype: npmText, access: npmText };
  const meta = record(
    {},
    { unit: npmText, range: fc.tuple(npmTime, npmTime), default: npmValue, description: npmText },
  );
  const described = { address: npmText, type: kind };
  return [
    record({ type: fc.constant('HELLO' as const), version: u8, features, name: npmText }, { token: npmText }),
    record(
      {
        type: fc.constant('WELCOME' as const),
        version: fc.constant(1),
        features,
        time: npmTime,
        session: npmText,
        name: npmText,
      },
      { token: npmText },
    ),
    fc.record({
      type: fc.constant('ANNOUNCE' as const),
      namespace: npmText,
      signals: fc.array(record(described, { ...optional, meta }), { maxLength: 3 }),
    }),
    fc.record({
      type: fc.constant('RESULT' as const),
      signals: fc.array(record(described, optional), { maxLength: 3 }),
    }),
    fc.record({ type: fc.constant('QUERY' as const), pattern: npmText }),
    record({ type: fc.constant('SYNC' as const), t1: npmTime }, { t2: npmTime, t3: npmTime }),
    fc.constantFrom({ type: 'PING' as const }, { type: 'PONG' as const }),
    record(
      { type: fc.constant('ACK' as const) },
      { address: npmText, revision: npmTime, locked: fc.boolean(), holder: npmText, correlationId: u32 },
    ),
    record(
      { type: fc.constant('ERROR' as const), code: fc.integer({ min: 0, max: 0xffff }), message: npmText },
      { address: npmText, correlationId: u32 },
    ),
  ];
}

function npmSignals(): fc.Arbitrary<NpmMessage>[] {
  const publish = { type: fc.constant('PUBLISH' as const), address: npmText };
  const more = { timestamp: npmTime, id: u32, rate: u32 };
  return [
    record(
      { type: fc.constant('SET' as const), address: npmText, value: npmValue },
      { revision: npmTime, lock: fc.boolean(), unlock: fc.boolean() },
    ),
    fc.record({ type: fc.constant('GET' as const), address: npmText }),
    fc.record({
      type: fc.constant('SNAPSHOT' as const),
      params: fc.array(
        record({ address: npmText, value: npmValue, revision: npmTime }, { writer: npmText, timestamp: npmTime }),
        { maxLength: 3 },
      ),
    }),
    record(
      { type: fc.constant('SUBSCRIBE' as const), id: u32, pattern: npmText },
      {
        types: fc.subarray([...signalKinds]),
        options: record({}, { maxRate: u32, epsilon: fc.double(), history: u32, window: u32 }),
      },
    ),
    fc.record({ type: fc.constant('UNSUBSCRIBE' as const), id: u32 }),
    record({ ...publish }, { ...more, signal: kind.filter((one) => one !== 'gesture'), payload: npmValue }),
    record({ ...publish, signal: fc.constant('stream' as const), samples }, more),
    record({ ...publish, signal: fc.constant('gesture' as const) }, { ...more, phase, value: npmValue }),
  ];
}
