import { capture, parsePattern, type Address, type Pattern } from '../../contract/address.ts';
import type { SerialSettings } from '../../contract/bridges/serial.ts';
import { messageOf } from '../../contract/errors.ts';
import { readSentTemplate, type SentPart } from '../../contract/serial-template.ts';
import { f64, type Signal, type Value } from '../../contract/signal.ts';
import { fillMessage, plainMessage } from './message-template.ts';
import type { SerialScale } from '../../contract/bridges/serial-scale.ts';
import { scaled } from './scaled.ts';

export interface GivenMessage {
  /** without what is around it on the line */
  readonly message: Uint8Array;
  /** goes out as it is, with nothing around it */
  readonly isRaw: boolean;
  /** waits for a reply where replies are waited for */
  readonly waits: boolean;
  /** newer ones take its place while it waits */
  readonly isNewest: boolean;
}

interface Rule {
  readonly from: Pattern;
  readonly parts: readonly SentPart[];
  readonly waits: boolean;
  readonly scale: SerialScale | null;
}

/** Addresses under the prefix where whatever is set goes out: as a message, or as bytes with nothing around them. */
export const sendPath = '/send';
export const rawPath = '/raw';

/** Turns signals under the prefix into messages to the device, by the first rule that covers their address. */
export class GivenMessages {
  readonly #settings: SerialSettings;
  readonly #prefix: string;
  readonly #rules: readonly Rule[];

  constructor(settings: SerialSettings) {
    this.#settings = settings;
    this.#prefix = settings.prefix.replace(/\/+$/, '');
    this.#rules = settings.sends.map(({ from, message, waits, scale }) => ({
      ...{ from: parsePattern(from), waits, scale },
      parts: partsOf(message, settings),
    }));
  }

  /** @returns the message, or why there is none, as a clause */
  give(signal: Signal): GivenMessage | string {
    if (signal.kind === 'timeline') return 'a timeline plays where it is set, and its values go out';
    const path = this.pathOf(signal);
    if (path === undefined) return `it is not under ${this.#prefix}`;
    try {
      const value = valueOf(signal);
      if (path === sendPath || path === rawPath) {
        const message = plainMessage(value, this.#settings);
        return { message, isRaw: path === rawPath, waits: path === sendPath, isNewest: false };
      }
      return this.#giveByRule(path, value, signal.kind === 'param' || signal.kind === 'stream');
    } catch (error) {
      return messageOf(error);
    }
  }

  /** A message that the settings have, and that has no value in it. */
  fixed(message: string): GivenMessage {
    const filled = fillMessage(
      partsOf(message, this.#settings),
      { value: { type: 'null' }, texts: {} },
      this.#settings,
    );
    return { message: filled, isRaw: false, waits: true, isNewest: false };
  }

  /** what stands behind the prefix; undefined for an address that is not under it */
  pathOf({ address }: Pick<Signal, 'address'>): string | undefined {
    const path = address.slice(this.#prefix.length);
    return address.startsWith(this.#prefix) && path.startsWith('/') && path !== '/' ? path : undefined;
  }

  #giveByRule(path: string, value: Value, isNewest: boolean): GivenMessage | string {
    for (const { from, parts, waits, scale } of this.#rules) {
      const found = capture(from, path as Address);
      if (!found) continue;
      const captures = Object.fromEntries(found.map((text, i) => [String(i + 1), text]));
      const texts = { ...captures, address: path.slice(1) };
      const message = fillMessage(parts, { value: scaled(value, scale), texts }, this.#settings);
      return { message, isRaw: false, waits, isNewest };
    }
    return 'no rule of what it gives covers it';
  }
}

function partsOf(message: string, { content }: SerialSettings): readonly SentPart[] {
  const parts = readSentTemplate(message, content);
  return typeof parts === 'string' ? [] : parts;
}

/** Samples of a stream that carries nothing else: the newest. */
function valueOf(signal: Signal): Value {
  if (signal.kind !== 'stream' || signal.value.type !== 'null') return signal.value;
  const newest = signal.samples?.at(-1);
  return newest === undefined ? signal.value : f64(newest);
}
