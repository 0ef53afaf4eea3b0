import { Buffer } from 'node:buffer';
import { capture, parsePattern, type Address, type Pattern } from '../../contract/address.ts';
import type { WebSocketSettings } from '../../contract/bridges/websocket.ts';
import type { WebSocketGive } from '../../contract/bridges/websocket-fields.ts';
import { messageOf } from '../../contract/errors.ts';
import { carriedValue, text, type Signal, type Value } from '../../contract/signal.ts';
import { encodeMsgpack } from '../../core/realtime/msgpack-value.ts';
import { capturesOf, fillBody } from '../../core/realtime/templates.ts';
import { formatJson, parseJson } from '../../platform/json-value.ts';
import { plainText } from '../../platform/payload-codec.ts';

/** A text is sent as text, bytes as bytes. */
export interface GivenMessage {
  readonly data: string | Buffer;
  /** by a message of its own, and not as address and value */
  readonly isFilled: boolean;
}

const messageBytesMax = 64 * 1024;

/** Turns signals under the prefix into messages, by the first rule that covers their address. */
export class GivenMessages {
  readonly #settings: WebSocketSettings;
  readonly #rules: readonly { readonly from: Pattern; readonly settings: WebSocketGive }[];

  constructor(settings: WebSocketSettings) {
    this.#settings = settings;
    this.#rules = settings.gives.map((give) => ({ from: parsePattern(give.from), settings: give }));
  }

  /** @returns the message, or why there is none, as a clause */
  give(signal: Signal): GivenMessage | string {
    if (signal.kind === 'timeline') return 'a timeline plays where it is set, and its values go out';
    const { prefix } = this.#settings;
    const path = signal.address.slice(prefix.length);
    if (!signal.address.startsWith(prefix) || !path.startsWith('/') || path === '/') return `it is not under ${prefix}`;
    const kind = signal.kind === 'gesture' ? 'stream' : signal.kind;
    for (const { from, settings } of this.#rules) {
      const found = settings.kind === 'any' || settings.kind === kind ? capture(from, path as Address) : undefined;
      if (found) return this.#giveBy(settings.body, { path, found, value: carriedValue(signal) });
    }
    return 'no rule covers it';
  }

  #giveBy(
    body: string | null,
    { path, found, value }: { readonly path: string; readonly found: readonly string[]; readonly value: Value },
  ): GivenMessage | string {
    const { format, numbers } = this.#settings;
    try {
      const data =
        body === null
          ? this.#plain(path, value)
          : this.#packed(
              fillBody(body, format === 'msgpack' ? 'json' : 'auto', {
                holes: { ...capturesOf(found), address: path },
                words: plainText(value, numbers),
                // Packed, whole numbers and floats stay apart.
                json: formatJson(value, { numbers: format === 'msgpack' ? 'written' : numbers }),
              }),
            );
      if (data.length > messageBytesMax) return `it is longer than ${messageBytesMax} bytes`;
      return { data, isFilled: body !== null };
    } catch (error) {
      return messageOf(error).replace(/\.$/, '');
    }
  }

  /** A text of the operator's as the format has it. */
  #packed(words: string): string | Buffer {
    return packedText(words, this.#settings.format);
  }

  #plain(path: string, value: Value): string | Buffer {
    const { format, numbers } = this.#settings;
    switch (format) {
      case 'json':
        return `{"address":${JSON.stringify(path)},"value":${formatJson(value, { numbers })}}`;
      case 'msgpack': {
        const entries = [['address', text(path)] as const, ['value', value] as const];
        return Buffer.from(encodeMsgpack({ type: 'map', value: entries }));
      }
      case 'text':
        if (value.type === 'bytes') throw new RangeError('its value is bytes, and messages are text');
        return plainText(value, numbers);
      case 'binary':
        if (value.type === 'bytes') return Buffer.from(value.value);
        if (value.type === 'string') return Buffer.from(value.value);
        throw new RangeError('its value is no bytes');
      default:
        return format satisfies never;
    }
  }
}

/** What an operator wrote, as messages of this format: JSON is packed for MessagePack, where it is JSON. */
export function packedText(words: string, format: WebSocketSettings['format']): string | Buffer {
  if (format === 'binary') return Buffer.from(words);
  if (format !== 'msgpack') return words;
  return Buffer.from(encodeMsgpack(parseJson(words, { numbers: 'written' })));
}
