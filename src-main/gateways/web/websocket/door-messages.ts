import { InputError, ProtocolError } from '../../../contract/errors.ts';
import { readJsonPath } from '../../../contract/json-path.ts';
import { f64, text, type MapEntry, type Signal, type Value } from '../../../contract/signal.ts';
import { decodeMsgpack, encodeMsgpack } from '../../../core/realtime/msgpack-value.ts';
import { formatJson, parseJson, type JsonNumbers } from '../../../platform/json-value.ts';
import type { WebDelivery } from '../web-guest.ts';

export type DoorFormat = 'json' | 'msgpack';

/** What a client asks; `id` comes back with the answer, whatever it is. */
export type DoorRequest = { readonly id: Value | undefined } & (
  | { readonly type: 'set'; readonly address: string; readonly value: Value; readonly revision: bigint | undefined }
  | { readonly type: 'emit' | 'stream'; readonly address: string; readonly value: Value }
  | { readonly type: 'get'; readonly address: string }
  | { readonly type: 'subscribe' | 'unsubscribe'; readonly pattern: string }
  | { readonly type: 'hello'; readonly token: string | undefined; readonly name: string | undefined }
  | { readonly type: 'ping' }
);

const types = 'set, emit, stream, get, subscribe, unsubscribe, hello or ping';
const typeOfKind: Readonly<Record<string, 'set' | 'emit' | 'stream'>> = {
  param: 'set',
  event: 'emit',
  stream: 'stream',
};

/** Reads one message. Text is JSON, bytes are MessagePack.
 *  @throws ProtocolError 'bad-message' | InputError 'bad-value' */
export function readRequest(data: Buffer, isBinary: boolean, numbers: JsonNumbers): DoorRequest {
  const message = isBinary ? decodeMsgpack(data, 'written') : parseJson(data.toString('utf8'), { numbers });
  if (message.type !== 'map') throw bad('Expected an object, such as {"type":"set","address":"/a","value":1}.');
  return requestIn(message);
}

/** The id of a message that is refused, so that its client knows which. */
export function idIn(data: Buffer, isBinary: boolean): Value | undefined {
  try {
    return readJsonPath(isBinary ? decodeMsgpack(data, 'written') : parseJson(data.toString('utf8')), ['id']);
  } catch {
    return undefined;
  }
}

function requestIn(message: Value): DoorRequest {
  const id = member(message, 'id');
  const type = textIn(message, 'type');
  switch (type) {
    case 'set':
      return { id, type, ...addressed(message), revision: revisionIn(message) };
    case 'emit':
    case 'stream':
      return { id, type, ...addressed(message) };
    case 'get':
      return { id, type, address: needed(message, 'address') };
    case 'subscribe':
    case 'unsubscribe':
      return { id, type, pattern: needed(message, 'pattern') };
    case 'hello':
      return { id, type, token: textIn(message, 'token'), name: textIn(message, 'name') };
    case 'ping':
      return { id, type };
    // As the reference's bridge sends it, and Flyrail's.
    case undefined:
    case 'signal':
      return bareRequest(message, id);
    default:
      throw bad(`There is no type ${shown(type)}: expected ${types}.`);
  }
}

function bareRequest(message: Value, id: Value | undefined): DoorRequest {
  if (!member(message, 'address')) throw bad(`Expected a type: ${types}.`);
  const kind = textIn(message, 'kind') ?? 'param';
  const type = typeOfKind[kind];
  if (!type) throw bad(`There is no kind ${shown(kind)}: expected param, event or stream.`);
  const what = addressed(message);
  return type === 'set' ? { id, type, ...what, revision: undefined } : { id, type, ...what };
}

function addressed(message: Value): { readonly address: string; readonly value: Value } {
  const value = member(message, 'value') ?? member(message, 'data');
  if (!value) throw bad('Expected a value.');
  return { address: needed(message, 'address'), value };
}

function revisionIn(message: Value): bigint | undefined {
  const revision = member(message, 'revision');
  if (!revision || revision.type === 'null') return undefined;
  if (revision.type === 'i64' || revision.type === 'i32') return BigInt(revision.value);
  if (revision.type === 'f64' && Number.isSafeInteger(revision.value)) return BigInt(revision.value);
  throw bad('Expected a revision as the whole number that it was told as.');
}

function needed(message: Value, name: string): string {
  const found = textIn(message, name);
  if (found === undefined) throw bad(`Expected ${name === 'address' ? 'an address' : 'a pattern'}, as text.`);
  return found;
}

function textIn(message: Value, name: string): string | undefined {
  const found = member(message, name);
  if (!found || found.type === 'null') return undefined;
  if (found.type !== 'string') throw bad(`Expected ${name} as text.`);
  return found.value;
}

function member(message: Value, name: string): Value | undefined {
  return readJsonPath(message, [name]);
}

function shown(word: string): string {
  return JSON.stringify(word.length > 40 ? `${word.slice(0, 39)}…` : word);
}

function bad(words: string): ProtocolError {
  return new ProtocolError('bad-message', words);
}

/** A message to a client; what is undefined is left out. */
export type DoorAnswer = Readonly<Record<string, Value | undefined>>;

/** @throws LimitError, InputError for what MessagePack cannot hold here */
export function writeAnswer(answer: DoorAnswer, format: DoorFormat, numbers: JsonNumbers): string | Uint8Array {
  const entries = Object.entries(answer).filter((entry): entry is [string, Value] => entry[1] !== undefined);
  const value: Value = { type: 'map', value: entries satisfies MapEntry[] };
  return format === 'json' ? formatJson(value, { numbers }) : encodeMsgpack(value);
}

/** What a subscriber hears. */
export function signalAnswer({ signal, isStanding, revision }: WebDelivery): DoorAnswer {
  return {
    type: text('signal'),
    address: text(signal.address),
    value: signal.value,
    kind: text(signal.kind),
    ...(isStanding && { standing: { type: 'bool', value: true } as const }),
    revision: revisionOf(revision),
    ...detailsOf(signal),
  };
}

/** @returns as a number that JSON readers know, as long as it is one */
export function revisionOf(revision: bigint | undefined): Value | undefined {
  return revision === undefined ? undefined : { type: 'i64', value: revision };
}

function detailsOf(signal: Signal): DoorAnswer {
  if (signal.kind === 'gesture') return { gesture: f64(signal.gestureId), phase: text(signal.phase) };
  if (signal.kind !== 'stream' || !signal.samples) return {};
  return {
    samples: { type: 'array', value: signal.samples.map(f64) },
    ...(signal.rate !== undefined && { rate: f64(signal.rate) }),
  };
}

/** What is told of an error that a message came to. */
export function errorAnswer(
  id: Value | undefined,
  { code, detail }: { readonly code: string; readonly detail: string },
): DoorAnswer {
  return { type: text('error'), id, code: text(code), message: text(detail) };
}

/** Whether what was thrown says that a message makes no sense, and not that the router refuses it. */
export function isNonsense(error: unknown): boolean {
  return error instanceof ProtocolError || (error instanceof InputError && error.code === 'bad-value');
}
