import { Buffer } from 'node:buffer';
import { tryAddress } from '../../contract/address.ts';
import type { WebSocketSettings } from '../../contract/bridges/websocket.ts';
import type { WebSocketTake } from '../../contract/bridges/websocket-fields.ts';
import { messageOf } from '../../contract/errors.ts';
import { readJsonPath, tryJsonPath, type JsonPath } from '../../contract/json-path.ts';
import { text, type Signal, type Value } from '../../contract/signal.ts';
import { looksLikeClaspFrame, signalsOfClaspFrame } from '../../core/realtime/clasp-frame-signals.ts';
import { decodeMsgpack } from '../../core/realtime/msgpack-value.ts';
import { fillTemplate } from '../../core/realtime/templates.ts';
import { hasRoom } from '../../core/realtime/value-room.ts';
import { parseJson } from '../../platform/json-value.ts';
import { plainText } from '../../platform/payload-codec.ts';

/** A message that is longer is not looked into. */
export const messageBytesMax = 256 * 1024;

type Kind = WebSocketTake['as'];

interface Rule {
  readonly settings: WebSocketTake;
  readonly where: readonly { readonly path: JsonPath; readonly is: string }[];
  readonly address: JsonPath | undefined;
  readonly value: JsonPath;
  readonly values: readonly { readonly path: JsonPath; readonly to: string }[];
}

const kinds: ReadonlySet<string> = new Set(['param', 'event', 'stream']);

/** Turns messages of the server into signals under the prefix: by the first rule that fits, else by the address and value in
 *  them, else as they are, at `/message`, `/text` or `/binary`.
 *  @see CLASP-WIRE §16 */
export class TakenMessages {
  readonly #settings: WebSocketSettings;
  readonly #rules: readonly Rule[];

  constructor(settings: WebSocketSettings) {
    this.#settings = settings;
    this.#rules = settings.takes.map(ruleOf);
  }

  /** @returns the signals, or why there is none, as a clause */
  take(data: Buffer, isBinary: boolean): readonly Signal[] | string {
    if (data.length > messageBytesMax) return `it is longer than ${messageBytesMax} bytes`;
    const { format } = this.#settings;
    try {
      const isPlain = format === 'text' || format === 'binary' || (isBinary && format === 'json');
      if (isPlain) return this.#takePlain(data, isBinary);
      return isBinary ? this.#takePacked(data) : this.#takeText(data.toString('utf8'));
    } catch (error) {
      return messageOf(error);
    }
  }

  #takePlain(data: Buffer, isBinary: boolean): readonly Signal[] | string {
    if (!isBinary) return this.#alone('/text', text(data.toString('utf8')));
    return this.#alone('/binary', { type: 'bytes', value: Uint8Array.from(data) });
  }

  #takeText(words: string): readonly Signal[] | string {
    let value: Value;
    try {
      value = parseJson(words, { numbers: this.#settings.numbers });
    } catch {
      return this.#alone('/text', text(words));
    }
    return this.#takeValue(value);
  }

  /** The reference calls CLASP frames MessagePack. */
  #takePacked(data: Buffer): readonly Signal[] | string {
    if (!looksLikeClaspFrame(data)) return this.#takeValue(decodeMsgpack(data, this.#settings.numbers));
    const signals = signalsOfClaspFrame(Uint8Array.from(data)).flatMap((signal) => {
      const address = this.#place(signal.address);
      return address === undefined ? [] : [{ ...signal, address }];
    });
    return signals.length > 0 ? signals : 'it is a CLASP frame that sets nothing here';
  }

  #takeValue(value: Value): readonly Signal[] | string {
    for (const rule of this.#rules) {
      const signals = fits(rule, value) ? this.#takeBy(rule, value) : [];
      if (signals.length > 0) return signals;
    }
    const addressed = this.#addressed(value);
    return addressed ?? this.#alone('/message', value);
  }

  #takeBy({ settings, address, value: path, values }: Rule, value: Value): readonly Signal[] {
    const found = address && readJsonPath(value, address);
    if (address && !isName(found)) return [];
    const name = found === undefined ? '' : plainText(found, 'float');
    const one = (to: string, at: JsonPath): readonly Signal[] => {
      const part = readJsonPath(value, at);
      const place = to === '' ? name : fillTemplate(to, { address: name.replace(/^\//, '') });
      return part ? this.#signals(settings.as, place, part) : [];
    };
    return values.length > 0 ? values.flatMap(({ to, path: at }) => one(to, at)) : one(settings.to, path);
  }

  /** `{"address", "value" | "data"}`, with a kind where it is said. */
  #addressed(value: Value): readonly Signal[] | string | undefined {
    const address = readJsonPath(value, ['address']);
    const carried = readJsonPath(value, ['value']) ?? readJsonPath(value, ['data']);
    if (address?.type !== 'string' || !carried) return undefined;
    const kind = readJsonPath(value, ['kind']);
    const said = kind?.type === 'string' && kinds.has(kind.value) ? (kind.value as Kind) : 'param';
    const signals = this.#signals(said, address.value, carried);
    return signals.length > 0 ? signals : 'its address is none here, or its value too long';
  }

  #alone(path: string, value: Value): readonly Signal[] | string {
    const signals = this.#signals(this.#settings.messages, path, value);
    return signals.length > 0 ? signals : 'its value is too long';
  }

  #signals(kind: Kind, path: string, value: Value): readonly Signal[] {
    const address = this.#place(path);
    return address === undefined || !hasRoom(value) ? [] : [{ kind, address, value }];
  }

  /** The reference sends addresses with the prefix before them. */
  #place(path: string): Signal['address'] | undefined {
    const { prefix } = this.#settings;
    if (path.startsWith(`${prefix}/`)) return tryAddress(path);
    if (path === '' || path === '/') return undefined;
    return tryAddress(prefix + (path.startsWith('/') ? path : `/${path}`));
  }
}

function ruleOf(settings: WebSocketTake): Rule {
  return {
    settings,
    where: Object.entries(settings.where).map(([path, is]) => ({ path: tryJsonPath(path) ?? [], is })),
    address: settings.address === '' ? undefined : tryJsonPath(settings.address),
    value: tryJsonPath(settings.value) ?? [],
    values: settings.values.map(({ path, to }) => ({ path: tryJsonPath(path) ?? [], to })),
  };
}

function fits({ where }: Rule, value: Value): boolean {
  return where.every(({ path, is }) => {
    const found = readJsonPath(value, path);
    return found !== undefined && plainText(found, 'float') === is;
  });
}

function isName(found: Value | undefined): boolean {
  return found !== undefined && found.type !== 'null' && found.type !== 'array' && found.type !== 'map';
}
