import { RE2JS } from 're2js';
import { f64, bool, integer, text, type Value } from '../../contract/signal.ts';
import { readTakenTemplate, type TakenFormat, type TakenPart } from '../../contract/serial-template.ts';
import { InputError } from '../../contract/errors.ts';
import { parseJson } from '../../platform/json-value.ts';

/** The values of a message by their names. */
export type Found = ReadonlyMap<string, Value>;
export type LinePattern = (message: string) => Found | undefined;

/** States of an expression times letters of a message, at the most: matching takes time in proportion to it, and to nothing else. */
const workMax = 10_000_000;

/** Finds messages such as `POT{n:int}={value:float}`.
 *  @param longest letters of a message
 *  @throws InputError 'bad-pattern' in a clause */
export function templatePattern(template: string, longest: number): LinePattern {
  const parts = readTakenTemplate(template);
  if (typeof parts === 'string') throw new InputError('bad-pattern', parts);
  const holes = parts.flatMap((part) => ('hole' in part && part.hole.name !== '' ? [part.hole] : []));
  const find = compile(parts.map(sourceOf).join(''), longest);
  return (message) => {
    const groups = find(message);
    if (!groups) return undefined;
    const found = new Map<string, Value>();
    for (const [i, { name, format }] of holes.entries()) {
      const value = valueOf(groups(i + 1) ?? '', format);
      if (value === undefined) return undefined;
      found.set(name, value);
    }
    return found;
  };
}

/** Finds messages by a regular expression; its named groups are the values, numbers where they look like numbers.
 *  @throws InputError 'bad-pattern' in a clause */
export function regexPattern(source: string, longest: number): LinePattern {
  const find = compile(source, longest);
  const names = [...source.matchAll(/\(\?P?<([A-Za-z_]\w*)>/g)].map(([, name = '']) => name);
  return (message) => {
    const groups = find(message);
    return groups && new Map(names.map((name) => [name, guess(groups(name) ?? '')]));
  };
}

type Groups = (group: number | string) => string | null;

function compile(source: string, longest: number): (message: string) => Groups | undefined {
  let re: RE2JS;
  try {
    re = RE2JS.compile(source, RE2JS.DOTALL);
  } catch (cause) {
    throw new InputError('bad-pattern', `"${source}" cannot be read as a pattern`, {}, { cause });
  }
  if (re.programSize() * longest > workMax)
    throw new InputError('bad-pattern', `"${source}" takes too long on messages of ${longest} bytes`);
  return (message) => {
    const matcher = re.matcher(message);
    return matcher.matches() ? (group) => matcher.group(group) : undefined;
  };
}

const sources: Readonly<Record<Extract<TakenFormat, string>, string>> = {
  auto: '.+?',
  text: '.*?',
  word: '\\S+?',
  int: '[+-]?\\d+',
  hex: '[\\dA-Fa-f]+',
  float: '[+-]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?',
  bool: '(?i:on|off|true|false|yes|no|1|0)',
  json: '.+',
};

function sourceOf(part: TakenPart): string {
  if ('text' in part) return RE2JS.quote(part.text);
  if ('bytes' in part) return part.bytes.map((byte) => RE2JS.quote(String.fromCharCode(byte))).join('');
  const { name, format } = part.hole;
  // What is passed over may be nothing.
  if (name === '' && format === 'auto') return '.*?';
  const source = typeof format === 'string' ? sources[format] : format.map((word) => RE2JS.quote(word)).join('|');
  return name === '' ? `(?:${source})` : `(${source})`;
}

function valueOf(found: string, format: TakenFormat): Value | undefined {
  if (typeof format !== 'string') return format.length === 2 ? bool(found === format[0]) : text(found);
  switch (format) {
    case 'auto':
      return guess(found);
    case 'text':
    case 'word':
      return text(found);
    case 'int':
      return whole(bigOf(found));
    case 'hex':
      return whole(BigInt(`0x${found}`));
    case 'float':
      return f64(Number(found));
    case 'bool':
      return bool(/^(on|true|yes|1)$/i.test(found));
    case 'json':
      return tryJson(found);
    default:
      return format satisfies never;
  }
}

/** A number where it looks like one, else the text. */
function guess(found: string): Value {
  const trimmed = found.trim();
  if (/^[+-]?\d{1,15}$/.test(trimmed)) return integer(Number(trimmed));
  // A double would hold another number.
  if (/^[+-]?\d+$/.test(trimmed)) return trimmed.length > 40 ? text(found) : (whole(bigOf(trimmed)) ?? text(found));
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i.test(trimmed) ? f64(Number(trimmed)) : text(found);
}

function bigOf(digits: string): bigint {
  return BigInt(digits.replace(/^\+/, ''));
}

function whole(number: bigint): Value | undefined {
  if (BigInt.asIntN(32, number) === number) return integer(Number(number));
  return BigInt.asIntN(64, number) === number ? { type: 'i64', value: number } : undefined;
}

function tryJson(found: string): Value | undefined {
  try {
    return parseJson(found, { numbers: 'written' });
  } catch {
    return undefined;
  }
}
