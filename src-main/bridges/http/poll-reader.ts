import { Buffer } from 'node:buffer';
import { tryAddress, type Address } from '../../contract/address.ts';
import type { HttpPoll } from '../../contract/bridges/http-fields.ts';
import { messageOf } from '../../contract/errors.ts';
import { readJsonPath, tryJsonPath, type JsonPath } from '../../contract/json-path.ts';
import { text, type Value } from '../../contract/signal.ts';
import { formatJson, parseJson, type JsonNumbers } from '../../platform/json-value.ts';
import { decodePayload, payloadBytesMax } from '../../platform/payload-codec.ts';
import type { HttpAnswer } from '../../ports/http-caller.ts';

export interface Placed {
  readonly address: Address;
  readonly value: Value;
}

type Body = Pick<HttpAnswer, 'headers' | 'body'>;

/** Turns answers of one poll into values at addresses. */
export class PollReader {
  readonly #prefix: string;
  readonly #poll: HttpPoll;
  readonly #paths: readonly { readonly path: JsonPath; readonly text: string; readonly to: string }[];

  constructor(prefix: string, poll: HttpPoll) {
    this.#prefix = prefix;
    this.#poll = poll;
    this.#paths = poll.values.map(({ path, to }) => ({ path: tryJsonPath(path) ?? [], text: path, to }));
  }

  /** @returns the values, or why there is none, as a clause */
  read(answer: Body): readonly Placed[] | string {
    try {
      if (this.#poll.read === 'signals') return this.#signals(jsonOf(answer, this.#poll.numbers));
      if (this.#paths.length > 0) return this.#parts(jsonOf(answer, this.#poll.numbers));
      const address = tryAddress(this.#prefix + this.#poll.to);
      const value = valueOf(answer, this.#poll.read, this.#poll.numbers);
      return address ? [{ address, value }] : 'its place is no address';
    } catch (error) {
      return messageOf(error).replace(/\.$/, '');
    }
  }

  #parts(json: Value): readonly Placed[] | string {
    const found: Placed[] = [];
    for (const { path, to } of this.#paths) {
      const value = readJsonPath(json, path);
      const address = value && tryAddress(this.#prefix + to);
      if (address && fits(value)) found.push({ address, value });
    }
    return found.length > 0 ? found : `it has no ${this.#paths.map((each) => each.text).join(', ')}`;
  }

  /** `[{address, value}]`, the same under `signals` or `params`, or a map of values by address. */
  #signals(json: Value): readonly Placed[] | string {
    const listed = json.type === 'map' ? (member(json, 'signals') ?? member(json, 'params') ?? json) : json;
    const pairs = listed.type === 'array' ? listed.value.map(pairOf) : listed.type === 'map' ? listed.value : [];
    const found: Placed[] = [];
    for (const [path, value] of pairs) {
      const address = path.startsWith('/') && value && fits(value) ? this.#under(path) : undefined;
      if (address && value) found.push({ address, value });
    }
    if (found.length > 0 || (listed.type === 'array' && listed.value.length === 0)) return found;
    return 'it has no signals';
  }

  #under(path: string): Address | undefined {
    return tryAddress(this.#prefix + this.#poll.to + path);
  }
}

/** The value of a whole answer.
 *  @throws InputError 'bad-value' in a clause */
export function valueOf(answer: Body, read: Exclude<HttpPoll['read'], 'signals'>, numbers: JsonNumbers): Value {
  const form = read === 'auto' ? formOf(answer.headers['content-type']) : read;
  if (form !== 'text' && form !== 'number') return decodePayload(answer.body, { payload: form, numbers });
  const utf8 = Buffer.from(textOf(answer));
  return form === 'text' ? text(decoded(utf8)) : decodePayload(utf8, { payload: 'number', numbers });
}

/** @throws InputError 'bad-value' | RangeError */
export function jsonOf(answer: Body, numbers: JsonNumbers): Value {
  try {
    return parseJson(textOf(answer), { numbers });
  } catch (cause) {
    if (messageOf(cause) !== 'Expected JSON.') throw cause;
    throw new RangeError('it is no JSON', { cause });
  }
}

function decoded(utf8: Buffer): string {
  const value = decodePayload(utf8, { payload: 'text', numbers: 'float' });
  return value.type === 'string' ? value.value : '';
}

/** What a content type says that an answer is.
 *  @see RFC 6838, 4.2.8: what ends in +json is JSON */
function formOf(type = ''): 'auto' | 'json' | 'text' | 'bytes' {
  const [essence = ''] = type.toLowerCase().split(';');
  if (essence.trim() === '') return 'auto';
  if (/^application\/(.+\+)?json\s*$|^text\/json/.test(essence)) return 'json';
  return /^text\/|^application\/(.+\+)?xml/.test(essence) ? 'text' : 'bytes';
}

/** @throws RangeError in a clause, for letters that nobody knows here, and bytes that are none */
function textOf({ headers, body }: Body): string {
  const charset = /charset\s*=\s*"?([\w.:-]+)/i.exec(headers['content-type'] ?? '')?.[1] ?? 'utf-8';
  try {
    return new TextDecoder(charset, { fatal: true }).decode(body);
  } catch (cause) {
    const isUnknown = cause instanceof RangeError;
    throw new RangeError(isUnknown ? `its charset ${charset} is not known here` : `it is no text in ${charset}`, {
      cause,
    });
  }
}

function member(map: Value, name: string): Value | undefined {
  return readJsonPath(map, [name]);
}

function pairOf(item: Value): readonly [string, Value | undefined] {
  const address = member(item, 'address');
  return [address?.type === 'string' ? address.value : '', member(item, 'value')];
}

/** A value that crosses routers has to fit one CLASP frame. */
function fits(value: Value): boolean {
  if (value.type !== 'array' && value.type !== 'map' && value.type !== 'string' && value.type !== 'bytes') return true;
  return Buffer.byteLength(formatJson(value)) <= payloadBytesMax;
}
