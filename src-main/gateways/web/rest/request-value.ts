import { InputError, LimitError, ProtocolError } from '../../../contract/errors.ts';
import { text, type Value } from '../../../contract/signal.ts';
import { parseJson } from '../../../platform/json-value.ts';
import { payloadBytesMax } from '../../../platform/payload-codec.ts';

interface Body {
  readonly contentType: string | undefined;
  readonly contentEncoding: string | undefined;
  /** undefined where there is none */
  readonly bytes: Uint8Array | undefined;
}

/** Types of bodies that are taken, for people and for `Accept`. */
export const takenTypes = 'application/json, text/plain, application/octet-stream';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The value in a body: JSON alone or as `{"value": …}`, text, or bytes, as its type says. What curl calls a form is read as JSON.
 *  @returns undefined for no body
 *  @throws InputError 'bad-value'; ProtocolError 'bad-type' | 'bad-text'; LimitError 'frame-too-large' */
export function readValue({ contentType, contentEncoding, bytes }: Body): Value | undefined {
  if (contentEncoding !== undefined && contentEncoding !== 'identity')
    throw new ProtocolError('bad-type', 'Expected a body without Content-Encoding.');
  const type = contentType?.split(';')[0]?.trim().toLowerCase();
  if (!bytes || (bytes.length === 0 && type !== 'text/plain' && type !== 'application/octet-stream')) return undefined;
  if (bytes.length > payloadBytesMax)
    throw new LimitError('frame-too-large', `A value has at most ${payloadBytesMax} bytes.`);
  if (type === 'text/plain') return text(textOf(bytes));
  if (type === 'application/octet-stream') return { type: 'bytes', value: Uint8Array.from(bytes) };
  if (type === undefined || type === 'application/x-www-form-urlencoded' || /^application\/([^/]+\+)?json$/.test(type))
    return unwrapped(jsonOf(textOf(bytes)));
  throw new ProtocolError('bad-type', `Expected a body of type ${takenTypes}.`);
}

function jsonOf(words: string): Value {
  try {
    return parseJson(words);
  } catch (error) {
    if (!(error instanceof InputError) || error.message !== 'Expected JSON.') throw error;
    throw new InputError('bad-value', 'Expected JSON; text goes with Content-Type: text/plain.', {}, { cause: error });
  }
}

/** An object with the one name `value` stands for what is in it. */
function unwrapped(value: Value): Value {
  const [name, item] = (value.type === 'map' && value.value.length === 1 && value.value[0]) || [];
  return name === 'value' && item ? item : value;
}

function textOf(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch (cause) {
    throw new ProtocolError('bad-text', 'Expected text in UTF-8.', {}, { cause });
  }
}
