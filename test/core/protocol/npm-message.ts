import type * as npm from '@clasp-to/core';
import { fromJson, signalKinds, type SignalKind, type Value } from '../../../src-main/contract/signal.ts';
import { maskOf } from '../../../src-main/core/protocol/enumerations.ts';
import { messageType, type AnnouncedSignal, type Message } from '../../../src-main/core/protocol/messages.ts';
import { WireValue } from '../../../src-main/core/protocol/wire-value.ts';

/** A message as the official codec takes it; `ttl` and `absolute` are of its version 4. */
export type NpmMessage = npm.Message & { readonly ttl?: number; readonly absolute?: boolean };

type Of<T extends NpmMessage['type']> = Extract<NpmMessage, { readonly type: T }>;

/** The same message in our form, as decoding it gives it: numbers are f64, empty options are gone. */
export function fromNpm(message: NpmMessage): Message {
  switch (message.type) {
    case 'HELLO':
      return hello(message);
    case 'WELCOME':
      return welcome(message);
    case 'ANNOUNCE':
      return {
        type: messageType.announce,
        namespace: message.namespace ?? '',
        signals: message.signals.map(announced),
      };
    case 'RESULT':
      return { type: messageType.result, signals: message.signals.map(announced) };
    case 'SUBSCRIBE':
      return subscribed(message);
    case 'UNSUBSCRIBE':
      return { type: messageType.unsubscribe, id: message.id };
    case 'PUBLISH':
      return published(message);
    case 'SET':
      return set(message);
    case 'GET':
      return { type: messageType.get, address: message.address };
    case 'SNAPSHOT':
      return snapshot(message);
    case 'BUNDLE':
      return { type: messageType.bundle, messages: message.messages.map(fromNpm), ...timestamp(message) };
    case 'SYNC':
      return sync(message);
    case 'PING':
      return { type: messageType.ping };
    case 'PONG':
      return { type: messageType.pong };
    case 'ACK':
      return ack(message);
    case 'ERROR':
      return { ...message, type: messageType.error };
    case 'QUERY':
      return { type: messageType.query, pattern: message.pattern };
    default:
      return message satisfies never;
  }
}

export function wire(value: npm.Value): WireValue {
  const ours: Value = fromJson(value);
  return WireValue.of(ours);
}

function hello(message: Of<'HELLO'>): Message {
  const { version, name } = message;
  return { type: messageType.hello, version, features: features(message), name, ...token(message) };
}

function welcome(message: Of<'WELCOME'>): Message {
  const { version, session, name } = message;
  return {
    type: messageType.welcome,
    version,
    features: features(message),
    time: BigInt(message.time),
    session,
    name,
    ...token(message),
  };
}

function subscribed({ id, pattern, types = [], options }: Of<'SUBSCRIBE'>): Message {
  const given = options && Object.keys(options).length > 0 ? { options } : {};
  return { type: messageType.subscribe, id, pattern, types: maskOf(types), ...given };
}

function set(message: Of<'SET'>): Message {
  return {
    type: messageType.set,
    address: message.address,
    value: wire(message.value),
    ...(message.revision !== undefined && { revision: BigInt(message.revision) }),
    ...(message.lock === true && { lock: true }),
    ...(message.unlock === true && { unlock: true }),
    ...(message.ttl !== undefined && { ttl: { seconds: message.ttl, absolute: message.absolute ?? false } }),
  };
}

function snapshot(message: Of<'SNAPSHOT'>): Message {
  return {
    type: messageType.snapshot,
    params: message.params.map(({ address, value, revision, writer, timestamp }) => ({
      address,
      value: wire(value),
      revision: BigInt(revision),
      ...(writer !== undefined && { writer }),
      ...(timestamp !== undefined && { timestamp: BigInt(timestamp) }),
    })),
  };
}

function sync({ t1, t2, t3 }: Of<'SYNC'>): Message {
  return {
    type: messageType.sync,
    t1: BigInt(t1),
    ...(t2 !== undefined && { t2: BigInt(t2) }),
    ...(t3 !== undefined && { t3: BigInt(t3) }),
  };
}

function ack({ type: _, revision, ...rest }: Of<'ACK'>): Message {
  return { type: messageType.ack, ...rest, ...(revision !== undefined && { revision: BigInt(revision) }) };
}

function published(message: Of<'PUBLISH'>): Message {
  const kind = message.signal ?? 'event';
  const value = message.value !== undefined ? message.value : message.payload;
  return {
    type: messageType.publish,
    kind,
    address: message.address,
    ...(kind === 'gesture' && { phase: message.phase ?? 'start' }),
    ...(value !== undefined && { value: wire(value) }),
    ...(value === undefined && message.samples !== undefined && { samples: message.samples }),
    ...timestamp(message),
    ...(message.id !== undefined && { id: message.id }),
    ...(message.rate !== undefined && { rate: message.rate }),
  };
}

function announced({ address, type, datatype, access, meta }: npm.SignalDefinition): AnnouncedSignal {
  return {
    address,
    kind: type,
    ...(datatype !== undefined && { datatype }),
    ...(access !== undefined && { access }),
    ...(meta && {
      meta: {
        ...(meta.unit !== undefined && { unit: meta.unit }),
        ...(meta.range && { range: meta.range }),
        ...(meta.default !== undefined && { default: wire(meta.default) }),
        ...(meta.description !== undefined && { description: meta.description }),
      },
    }),
  };
}

function features(message: { features: string[] }): SignalKind[] {
  return signalKinds.filter((kind) => message.features.includes(kind));
}

function token(message: { token?: string }): { token?: string } {
  return message.token ? { token: message.token } : {};
}

function timestamp(message: { timestamp?: number }): { timestamp?: bigint } {
  return message.timestamp === undefined ? {} : { timestamp: BigInt(message.timestamp) };
}
