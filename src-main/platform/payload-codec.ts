import { Buffer } from 'node:buffer';
import type { MqttPublication, MqttSubscription } from '../contract/bridges/mqtt-fields.ts';
import { InputError, messageOf } from '../contract/errors.ts';
import { f64, nullValue, text, tryNumber, type Value } from '../contract/signal.ts';
import { formatJson, parseJson, type JsonNumbers } from './json-value.ts';

/** A value that crosses routers has to fit one CLASP frame; longer messages are refused. */
export const payloadBytesMax = 60_000;

export type PayloadCodec = Pick<MqttSubscription | MqttPublication, 'payload' | 'numbers'>;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The value in the bytes of a message. By itself: JSON where it is JSON, else text, else bytes; nothing is null.
 *  @throws InputError 'bad-value' in a clause
 *  @see CLASP-WIRE §16 */
export function decodePayload(bytes: Uint8Array, { payload, numbers }: PayloadCodec): Value {
  if (bytes.length > payloadBytesMax) throw refused(`it is longer than ${payloadBytesMax} bytes`);
  switch (payload) {
    case 'bytes':
      return { type: 'bytes', value: Uint8Array.from(bytes) };
    case 'text':
      return text(textOf(bytes));
    case 'json':
      return bytes.length === 0 ? nullValue : jsonOf(textOf(bytes), numbers);
    case 'number':
      return numberOf(textOf(bytes), numbers);
    case 'auto':
      return guess(bytes, numbers);
    default:
      return payload satisfies never;
  }
}

/** The bytes of a message that carries the value. By itself: text and bytes as they are, numbers and switches as text, lists
 *  and maps as JSON, null as nothing, which clears what a broker keeps.
 *  @throws InputError 'bad-value' in a clause */
export function encodePayload(value: Value, codec: PayloadCodec): Buffer {
  const bytes = bytesOf(value, codec);
  if (bytes.length > payloadBytesMax) throw refused(`it is longer than ${payloadBytesMax} bytes`);
  return bytes;
}

/** The same for a topic, where a message without bytes clears what a broker keeps: by itself an empty text, or no bytes, is JSON.
 *  @throws InputError 'bad-value' in a clause */
export function encodeMessage(value: Value, codec: PayloadCodec): Buffer {
  const bytes = encodePayload(value, codec);
  if (bytes.length > 0 || value.type === 'null' || codec.payload !== 'auto') return bytes;
  return Buffer.from(formatJson(value, { numbers: codec.numbers }));
}

function bytesOf(value: Value, { payload, numbers }: PayloadCodec): Buffer {
  switch (payload) {
    case 'json':
      return Buffer.from(formatJson(value, { numbers }));
    case 'bytes':
      if (value.type === 'bytes') return Buffer.from(value.value);
      if (value.type === 'string') return Buffer.from(value.value);
      throw refused('the value is no bytes');
    case 'number':
      if (tryNumber(value) === undefined) throw refused('the value is no number');
      return Buffer.from(plainText(value.type === 'bool' ? f64(Number(value.value)) : value, numbers));
    case 'text':
    case 'auto':
      return value.type === 'bytes' ? Buffer.from(value.value) : Buffer.from(plainText(value, numbers));
    default:
      return payload satisfies never;
  }
}

/** A value within a text. */
export function plainText(value: Value, numbers: JsonNumbers): string {
  if (value.type === 'null') return '';
  if (value.type === 'string') return value.value;
  if ((value.type === 'f32' || value.type === 'f64') && !Number.isFinite(value.value)) return String(value.value);
  return formatJson(value, { numbers });
}

function guess(bytes: Uint8Array, numbers: JsonNumbers): Value {
  if (bytes.length === 0) return nullValue;
  let words: string;
  try {
    words = utf8.decode(bytes);
  } catch {
    return { type: 'bytes', value: Uint8Array.from(bytes) };
  }
  try {
    return parseJson(words, { numbers });
  } catch {
    return text(words);
  }
}

function textOf(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch (cause) {
    throw refused('it is no text in UTF-8', cause);
  }
}

function jsonOf(words: string, numbers: JsonNumbers): Value {
  try {
    return parseJson(words, { numbers });
  } catch (cause) {
    throw refused(messageOf(cause) === 'Expected JSON.' ? 'it is no JSON' : messageOf(cause).replace(/\.$/, ''), cause);
  }
}

function numberOf(words: string, numbers: JsonNumbers): Value {
  const trimmed = words.trim();
  if (/^-?\d+$/.test(trimmed)) return jsonOf(trimmed.replace(/^(-?)0+(?=\d)/, '$1'), numbers);
  const number = Number(trimmed);
  if (trimmed === '' || !/^[+-]?[\d.]+(e[+-]?\d+)?$/i.test(trimmed) || !Number.isFinite(number))
    throw refused('it is no number');
  return f64(number);
}

function refused(why: string, cause?: unknown): InputError {
  return new InputError('bad-value', why, {}, { cause });
}
