import { ProtocolError } from '../../contract/errors.ts';
import type { Value } from '../../contract/signal.ts';
import type { ByteReader } from './byte-reader.ts';
import { LegacyFields, needed, optional } from './legacy-fields.ts';
import { readLegacyGreeting } from './legacy-greeting.ts';
import { readLegacySignal } from './legacy-signal.ts';
import { bundleDepthMax } from './limits.ts';
import { messageType, type Message } from './messages.ts';
import { readMsgpack } from './msgpack-reader.ts';

/** Whether a payload that begins with this byte is a MessagePack map; the encoding bits of the header do not decide. */
export function isLegacyPayload(firstByte: number): boolean {
  return (firstByte & 0xf0) === 0x80 || firstByte === 0xde || firstByte === 0xdf;
}

/** Reads one legacy payload: a map whose `type` is the message's name. Nobody sends these any more but a fallback of the
 *  reference's desktop app; they are answered in binary. Values are on bytes of their own.
 *  @throws ProtocolError 'bad-message' | 'bad-type' | 'bad-length' | 'bad-text' | 'too-deep'
 *  @throws LimitError for a value that no binary frame can carry
 *  @see CLASP-WIRE §4 */
export function readLegacyMessage(reader: ByteReader): Message {
  return messageOf(readMsgpack(reader), 0);
}

function messageOf(value: Value, depth: number): Message {
  const fields = new LegacyFields(value);
  const name = fields.neededText('type');
  if (name === 'BUNDLE') return bundleOf(fields, depth);
  const message = readLegacySignal(name, fields) ?? readLegacyGreeting(name, fields) ?? answerOf(name, fields);
  if (message) return message;
  throw new ProtocolError('bad-type', `There is no message of the type ${name.slice(0, 32)}.`);
}

function bundleOf(fields: LegacyFields, depth: number): Message {
  if (depth >= bundleDepthMax) throw new ProtocolError('too-deep', `Bundles nest deeper than ${bundleDepthMax}.`);
  const messages = fields.list('messages').map((inner) => messageOf(inner, depth + 1));
  return { type: messageType.bundle, messages, ...optional('timestamp', fields.u64('timestamp')) };
}

function answerOf(name: string, fields: LegacyFields): Message | undefined {
  switch (name) {
    case 'PING':
      return { type: messageType.ping };
    case 'PONG':
      return { type: messageType.pong };
    case 'SYNC':
      return {
        type: messageType.sync,
        t1: needed('t1', fields.u64('t1')),
        ...optional('t2', fields.u64('t2')),
        ...optional('t3', fields.u64('t3')),
      };
    case 'ACK':
      return {
        type: messageType.ack,
        ...optional('address', fields.text('address')),
        ...optional('revision', fields.u64('revision')),
        ...optional('locked', fields.flag('locked')),
        ...optional('holder', fields.text('holder')),
        ...optional('correlationId', fields.whole('correlationId')),
      };
    case 'ERROR':
      return {
        type: messageType.error,
        code: needed('code', fields.whole('code', 0xffff)),
        message: fields.textOr('message', ''),
        ...optional('address', fields.text('address')),
        ...optional('correlationId', fields.whole('correlationId')),
      };
    default:
      return undefined;
  }
}
