import { Buffer } from 'node:buffer';
import { capture, parsePattern, type Address, type Pattern } from '../../contract/address.ts';
import type { HttpWebhook } from '../../contract/bridges/http-fields.ts';
import { messageOf } from '../../contract/errors.ts';
import { f64, type Signal, type Value } from '../../contract/signal.ts';
import { capturesOf, fillBody, fillTemplate, type Holes } from '../../core/realtime/templates.ts';
import { formatJson, type JsonNumbers } from '../../platform/json-value.ts';
import { encodePayload, payloadBytesMax, plainText } from '../../platform/payload-codec.ts';
import { fillUrl } from './row-url.ts';

/** What a signal is sent as. */
export interface WebhookRequest {
  readonly url: string;
  readonly body: Uint8Array | undefined;
  /** of the body */
  readonly contentType: string;
  /** under the prefix; empty for none */
  readonly answerTo: string;
}

const json = 'application/json';
const plain = 'text/plain; charset=utf-8';

/** Turns signals that one webhook covers into requests. */
export class WebhookRequests {
  readonly #settings: HttpWebhook;
  readonly #url: string;
  readonly #answerTo: string;
  readonly #from: Pattern;

  /** @param url whole, with its holes */
  constructor(settings: HttpWebhook, url: string) {
    this.#settings = settings;
    this.#url = slashless(url);
    this.#answerTo = slashless(settings.answerTo);
    this.#from = parsePattern(settings.from);
  }

  /** @param path under the prefix */
  covers({ kind }: Signal, path: Address): boolean {
    const kinds: readonly string[] = this.#settings.kinds;
    return kinds.includes(kind) && capture(this.#from, path) !== undefined;
  }

  /** @returns the request, or why there is none, as a clause */
  make(signal: Signal, path: Address): WebhookRequest | string {
    const { numbers } = this.#settings;
    const value = valueOf(signal);
    const holes = { ...capturesOf(capture(this.#from, path) ?? []), address: path };
    try {
      const url = fillUrl(this.#url, { ...holes, value: plainText(value, numbers) });
      if (url === undefined) return 'its address makes no URL';
      const { body, contentType } = this.#bodyOf({ signal, path, value, holes });
      if (body && body.length > payloadBytesMax) return `it is longer than ${payloadBytesMax} bytes`;
      return { url, body, contentType, answerTo: fillTemplate(this.#answerTo, holes) };
    } catch (error) {
      return messageOf(error);
    }
  }

  #bodyOf({ signal, path, value, holes }: Parts): {
    readonly body: Uint8Array | undefined;
    readonly contentType: string;
  } {
    const { payload, body, numbers, method, contentType } = this.#settings;
    const as = (bytes: Uint8Array, type: string) => ({ body: bytes, contentType: contentType || type });
    if (method === 'GET') return { body: undefined, contentType: '' };
    if (body !== null) {
      const form = payload === 'json' || payload === 'text' ? payload : 'auto';
      const filled = fillBody(body, form, {
        holes,
        words: plainText(value, numbers),
        json: formatJson(value, { numbers }),
      });
      return as(Buffer.from(filled), /^\s*[[{]/.test(filled) || form === 'json' ? json : plain);
    }
    if (payload === 'none') return { body: undefined, contentType: '' };
    if (payload === 'signal') return as(Buffer.from(signalJson(signal, { path, value }, numbers)), json);
    return as(encodePayload(value, { payload, numbers }), typeOf(payload, value));
  }
}

/** An address brings its own slash. */
function slashless(template: string): string {
  return template.replaceAll('/{address}', '{address}');
}

interface Parts {
  readonly signal: Signal;
  readonly path: Address;
  readonly value: Value;
  readonly holes: Holes;
}

function typeOf(payload: 'auto' | 'json' | 'text' | 'number' | 'bytes', { type }: Value): string {
  if (payload === 'json' || (payload === 'auto' && (type === 'array' || type === 'map'))) return json;
  return payload === 'bytes' || type === 'bytes' ? 'application/octet-stream' : plain;
}

/** `{"address":"/lamp/1","kind":"param","value":0.5}`, and of gestures, streams and events what else they carry. */
function signalJson(
  signal: Signal,
  { path, value }: { readonly path: Address; readonly value: Value },
  numbers: JsonNumbers,
): string {
  const more = {
    ...(signal.kind === 'gesture' && { gestureId: signal.gestureId, phase: signal.phase }),
    ...(signal.kind === 'stream' && signal.rate !== undefined && { rate: signal.rate }),
    ...(signal.kind !== 'param' && signal.timestamp !== undefined && { timestamp: signal.timestamp }),
  };
  const rest = JSON.stringify(more).slice(1, -1);
  const head = `"address":${JSON.stringify(path)},"kind":"${signal.kind}","value":${formatJson(value, { numbers })}`;
  return `{${head}${rest === '' ? '' : `,${rest}`}}`;
}

/** Samples of a stream that carries nothing else leave as a list. */
function valueOf(signal: Signal): Value {
  if (signal.kind === 'timeline') return signal.value;
  if (signal.kind !== 'stream' || !signal.samples || signal.value.type !== 'null') return signal.value;
  return { type: 'array', value: signal.samples.map(f64) };
}
