import { tryAddress, type Address } from '../../contract/address.ts';
import type { SerialSettings } from '../../contract/bridges/serial.ts';
import { addressHole, type SerialReceive } from '../../contract/bridges/serial-receive.ts';
import { messageOf } from '../../contract/errors.ts';
import { nullValue, text, type Signal, type Value } from '../../contract/signal.ts';
import { plainText } from '../../platform/payload-codec.ts';
import { byteLayout } from './byte-layout.ts';
import { regexPattern, templatePattern, type Found } from './line-pattern.ts';
import { replyMatcher } from './reply-matcher.ts';
import { textOfMessage } from './message-text.ts';
import { scaled } from './scaled.ts';

interface Rule {
  readonly settings: SerialReceive;
  readonly find: (message: Uint8Array, words: string) => Found | undefined;
  /** names of the values that stand in the address */
  readonly inAddress: ReadonlySet<string>;
}

/** Turns messages of the device into signals under the prefix, by the first rule that covers them. */
export class TakenMessages {
  /** why rules cannot be used, as sentences */
  readonly faults: readonly string[];
  readonly #settings: SerialSettings;
  readonly #prefix: string;
  readonly #rules: readonly Rule[];
  readonly #isReply: (message: Uint8Array) => boolean;

  constructor(settings: SerialSettings) {
    this.#settings = settings;
    this.#prefix = settings.prefix.replace(/\/+$/, '');
    const faults: string[] = [];
    const tryMake = <T>(what: string, make: () => T): T | undefined => {
      try {
        return make();
      } catch (error) {
        faults.push(`${what} is not looked for: ${messageOf(error)}.`);
        return undefined;
      }
    };
    this.#rules = settings.receives.flatMap(
      (each, i) => tryMake(`Message ${i + 1} that is taken`, () => ruleOf(each, settings.longest)) ?? [],
    );
    this.#isReply = tryMake('The reply', () => replyMatcher(settings)) ?? (() => true);
    this.faults = faults;
  }

  isReply(message: Uint8Array): boolean {
    return this.#isReply(message);
  }

  /** @returns the signals, or why there are none */
  take(message: Uint8Array): readonly Signal[] | 'text' | 'address' | 'unmatched' {
    const words = textOfMessage(this.#settings, message);
    if (words === undefined) return 'text';
    for (const rule of this.#rules) {
      const found = rule.find(message, words);
      if (found) return this.#signalsOf(rule, found);
    }
    if (this.#settings.unmatched === 'drop') return 'unmatched';
    const isText = this.#settings.content === 'text';
    const address = tryAddress(`${this.#prefix}/${isText ? 'line' : 'frame'}`);
    const value: Value = isText ? text(words) : { type: 'bytes', value: Uint8Array.from(message) };
    return address ? [{ kind: 'event', address, value }] : [];
  }

  #signalsOf({ settings, inAddress }: Rule, found: Found): readonly Signal[] | 'text' | 'address' {
    const { to, kind, scale } = settings;
    const rest = [...found]
      .filter(([name]) => !inAddress.has(name))
      .map(([name, value]) => [name, scaled(value, scale)] as const);
    const signals: Signal[] = [];
    for (const [field, value] of to.includes('{field}') ? rest : [['', valueOf(rest)] as const]) {
      const address = this.#place(to, found, field);
      if (!address) return 'address';
      signals.push({ kind, address, value });
    }
    return signals;
  }

  #place(to: string, found: Found, field: string): Address | undefined {
    const parts: string[] = [];
    const path = to.replace(addressHole, (_hole, name: string) => {
      const value = found.get(name);
      const isField = value === undefined || (name === 'field' && field !== '');
      const part = addressPart(isField ? field : plainText(value, 'float'));
      parts.push(part);
      return part;
    });
    return parts.includes('') ? undefined : tryAddress(this.#prefix + path);
  }
}

function ruleOf(settings: SerialReceive, longest: number): Rule {
  const { how, pattern, to } = settings;
  const inAddress = new Set(
    [...to.matchAll(addressHole)].map(([, name = '']) => name).filter((name) => name !== 'field'),
  );
  if (how === 'layout') return { settings, find: byteLayout(settings), inAddress };
  const find = how === 'regex' ? regexPattern(pattern, longest) : templatePattern(pattern, longest);
  return { settings, find: (_message, words) => find(words), inAddress };
}

/** One value as it is; several as a map. */
function valueOf(rest: readonly (readonly [string, Value])[]): Value {
  const named = rest.find(([name]) => name === 'value');
  if (named) return named[1];
  return rest.length > 1 ? { type: 'map', value: rest } : (rest[0]?.[1] ?? nullValue);
}

/** What a device says makes one part of an address, never several. */
function addressPart(words: string): string {
  // eslint-disable-next-line no-control-regex -- an address holds no control characters
  return words.trim().replace(/[/*\x00-\x1f\x7f]/g, '_');
}
