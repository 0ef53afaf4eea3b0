import { Buffer } from 'node:buffer';
import type { SerialSettings } from '../../contract/bridges/serial.ts';
import { InputError } from '../../contract/errors.ts';
import type { SentFormat, SentHole, SentPart } from '../../contract/serial-template.ts';
import { tryNumber, type Value } from '../../contract/signal.ts';
import { formatJson } from '../../platform/json-value.ts';
import { plainText } from '../../platform/payload-codec.ts';
import { packNumber } from './byte-layout.ts';
import { messageOfText } from './message-text.ts';

export interface Filling {
  readonly value: Value;
  /** by name: the address, what wildcards stood for */
  readonly texts: Readonly<Record<string, string | undefined>>;
}

/** The bytes of a message with its holes filled.
 *  @param parts of a template that the schema has checked
 *  @throws InputError 'bad-value' in a clause */
export function fillMessage(parts: readonly SentPart[], filling: Filling, settings: SerialSettings): Buffer {
  return Buffer.concat(
    parts.map((part) => {
      if ('bytes' in part) return Buffer.from(part.bytes);
      return 'text' in part ? encode(part.text, settings) : fillHole(part.hole, filling, settings);
    }),
  );
}

/** A value alone, as a message: bytes as they are, all else as text. @throws InputError 'bad-value' in a clause */
export function plainMessage(value: Value, settings: SerialSettings): Buffer {
  return value.type === 'bytes' ? Buffer.from(value.value) : encode(autoText(value), settings);
}

function fillHole({ name, path, format }: SentHole, { value, texts }: Filling, settings: SerialSettings): Buffer {
  if (name !== 'value') return encodeFilling(texts[name] ?? '', settings);
  const part = partOf(value, path);
  if (format.as === 'binary') {
    if (part.type === 'bytes') return Buffer.from(part.value);
    const packed = packNumber(format.type, numberOf(part));
    if (typeof packed === 'string') throw refused(packed);
    return Buffer.from(packed);
  }
  if (format.as === 'auto' && part.type === 'bytes') return Buffer.from(part.value);
  return encodeFilling(wordsOf(part, format), settings);
}

function wordsOf(value: Value, format: Exclude<SentFormat, { as: 'binary' }>): string {
  switch (format.as) {
    case 'auto':
      return autoText(value);
    case 'json':
      return formatJson(value);
    case 'quoted':
      return JSON.stringify(autoText(value));
    case 'words':
      return isOn(value) ? format.yes : format.no;
    case 'number':
      return numberText(value, format);
    default:
      return format satisfies never;
  }
}

/** Boards read 1 and 0, and no words. */
function autoText(value: Value): string {
  return value.type === 'bool' ? String(Number(value.value)) : plainText(value, 'float');
}

function numberText(
  value: Value,
  { style, width, fill, decimals, signed }: Extract<SentFormat, { as: 'number' }>,
): string {
  const number = numberOf(value);
  const isNegative = number < 0;
  const digits = style === 'f' ? Math.abs(number).toFixed(decimals ?? 6) : wholeDigits(value, style);
  const sign = isNegative && /[1-9a-f]/i.test(digits) ? '-' : signed ? '+' : '';
  return fill === '0' ? sign + digits.padStart(width - sign.length, '0') : (sign + digits).padStart(width, ' ');
}

function wholeDigits(value: Value, style: 'd' | 'x' | 'X' | 'b' | 'o'): string {
  const number = value.type === 'i64' ? value.value : BigInt(Math.round(numberOf(value)));
  const digits = (number < 0n ? -number : number).toString({ d: 10, x: 16, X: 16, b: 2, o: 8 }[style]);
  return style === 'X' ? digits.toUpperCase() : digits;
}

function numberOf(value: Value): number {
  const number = tryNumber(value);
  if (number === undefined || !Number.isFinite(number)) throw refused('the value is no number');
  return number;
}

function isOn(value: Value): boolean {
  const number = tryNumber(value);
  if (number === undefined) throw refused('the value is neither on nor off');
  return number !== 0;
}

function partOf(value: Value, path: readonly string[]): Value {
  let here: Value | undefined = value;
  for (const key of path) {
    if (here?.type === 'array') here = here.value[Number(key)];
    else here = here?.type === 'map' ? here.value.findLast(([name]) => name === key)?.[1] : undefined;
  }
  if (here === undefined) throw refused(`the value has no ${path.join('.')}`);
  return here;
}

function encode(words: string, settings: SerialSettings): Buffer {
  const bytes = messageOfText(settings, words);
  if (!bytes) throw refused('Latin 1 has not all of its letters');
  return bytes;
}

/** A value must not bring the end of a line with it, and a command of its own behind that. */
function encodeFilling(words: string, settings: SerialSettings): Buffer {
  if (settings.framing === 'delimiter' && /[\r\n]/.test(words)) throw refused('the value holds a line end');
  return encode(words, settings);
}

function refused(why: string): InputError {
  return new InputError('bad-value', why);
}
