import { readEscapes, tryHexBytes, type TextPart } from './serial-text.ts';

/** Numbers as bytes. */
export const binaryTypes = [
  ...(['u8', 'i8', 'u16be', 'u16le', 'i16be', 'i16le', 'u32be', 'u32le', 'i32be', 'i32le'] as const),
  ...(['f32be', 'f32le', 'f64be', 'f64le'] as const),
] as const;
export type BinaryType = (typeof binaryTypes)[number];

/** What a hole of a message that is sent is filled with, and how. */
export interface SentHole {
  /** `value`, `address`, or the number of a wildcard */
  readonly name: string;
  /** of a value that is a map or a list: the part that is meant, from the outside in */
  readonly path: readonly string[];
  readonly format: SentFormat;
}

export type SentFormat =
  | { readonly as: 'auto' | 'json' | 'quoted' }
  | {
      readonly as: 'number';
      readonly style: 'd' | 'f' | 'x' | 'X' | 'b' | 'o';
      readonly width: number;
      readonly fill: ' ' | '0';
      readonly decimals: number | undefined;
      readonly signed: boolean;
    }
  | { readonly as: 'words'; readonly yes: string; readonly no: string }
  | { readonly as: 'binary'; readonly type: BinaryType };

export type SentPart = TextPart | { readonly hole: SentHole };

/** What a hole of a message that is looked for takes. words: one of them; of two the first is true, the second false. */
export type TakenFormat = 'auto' | 'text' | 'word' | 'int' | 'hex' | 'float' | 'bool' | 'json' | readonly string[];
export interface TakenHole {
  /** empty for what is passed over */
  readonly name: string;
  readonly format: TakenFormat;
}
export type TakenPart = TextPart | { readonly hole: TakenHole };

const sentHole = /\{(value(?:\.[\w-]+)*|address|\d{1,2})(?::([^{}]*))?\}/g;
const takenHole = /\{([A-Za-z_]\w{0,63})?(?::([^{}]*))?\}/g;
const takenTypes: readonly TakenFormat[] = ['auto', 'text', 'word', 'int', 'hex', 'float', 'bool', 'json'];
const holesMax = 32;

/** Reads `POWR {value:ON|OFF}`; in bytes `02 {value:u16be} 03`. Braces that hold no hole stand for themselves.
 *  @returns its parts, or what is wrong with it, as a clause */
export function readSentTemplate(written: string, content: 'text' | 'bytes'): readonly SentPart[] | string {
  return readParts(written, sentHole, {
    literal: content === 'text' ? readEscapes : readHex,
    hole: ([found, name = '', format]) => {
      const plain: SentFormat = content === 'text' ? { as: 'auto' } : { as: 'binary', type: 'u8' };
      const read = format === undefined ? plain : sentFormat(format);
      if (!read)
        return `${found} has no such form: write {value:d}, {value:03d}, {value:.2f}, {value:x}, {value:ON|OFF}, {value:u16be}`;
      const [head = '', ...path] = name.split('.');
      return { hole: { name: head, path, format: read } };
    },
  });
}

/** Reads `POT{n:int}={value:float}`. @returns its parts, or what is wrong with it, as a clause */
export function readTakenTemplate(written: string): readonly TakenPart[] | string {
  const parts = readParts(written, takenHole, {
    literal: readEscapes,
    hole: ([found, name = '', format]) => {
      const read = takenFormat(format);
      if (!read)
        return `${found} has no such form: write {n:int}, {n:float}, {n:hex}, {n:word}, {n:text}, {n:bool}, {n:json} or {n:ON|OFF}`;
      return { hole: { name, format: read } };
    },
  });
  if (typeof parts === 'string') return parts;
  const names = namesIn(parts);
  return new Set(names).size < names.length ? 'a name stands in it twice' : parts;
}

/** The names of its holes, in order. */
export function namesIn(parts: readonly TakenPart[]): string[] {
  return parts.flatMap((part) => ('hole' in part && part.hole.name !== '' ? [part.hole.name] : []));
}

/** The names of the groups in a regular expression, in order; why it is none, or none that ends in time, as a clause. */
export function readRegex(written: string): readonly string[] | string {
  if (/\(\?<?[=!]|\\[1-9]|\\k</.test(written.replace(/\\\\/g, '')))
    return 'what looks ahead or back, or repeats what was found, is not in it';
  try {
    RegExp(written);
  } catch (error) {
    return error instanceof Error ? error.message.replace(/^Invalid regular expression: |\.$/g, '') : 'it is none';
  }
  return [...written.matchAll(/\(\?P?<([A-Za-z_]\w*)>/g)].map(([, name = '']) => name);
}

interface Readers<Hole> {
  readonly literal: (text: string) => readonly TextPart[] | string;
  readonly hole: (found: RegExpExecArray) => { readonly hole: Hole } | string;
}

function readParts<Hole>(
  written: string,
  pattern: RegExp,
  { literal, hole }: Readers<Hole>,
): readonly (TextPart | { readonly hole: Hole })[] | string {
  const parts: (TextPart | { readonly hole: Hole })[] = [];
  let at = 0;
  const addLiteral = (text: string): string | undefined => {
    const read = literal(text);
    if (typeof read === 'string') return read;
    parts.push(...read);
    return undefined;
  };
  const holes = [...written.matchAll(pattern)];
  if (holes.length > holesMax) return `it has more than ${holesMax} holes`;
  for (const found of holes) {
    const fault = addLiteral(written.slice(at, found.index));
    const read = fault ?? hole(found);
    if (typeof read === 'string') return read;
    parts.push(read);
    at = found.index + found[0].length;
  }
  return addLiteral(written.slice(at)) ?? parts;
}

function readHex(text: string): readonly TextPart[] | string {
  const bytes = tryHexBytes(text);
  if (bytes?.length === 0) return [];
  return bytes ? [{ bytes: [...bytes] }] : 'bytes are written in pairs of hexadecimal digits: 02 1F {value:u8}';
}

function sentFormat(written: string): SentFormat | undefined {
  if (written === 'json' || written === 'quoted') return { as: written };
  const type = binaryTypes.find((each) => each === written);
  if (type) return { as: 'binary', type };
  const words = written.split('|');
  if (words.length === 2) return { as: 'words', yes: words[0] ?? '', no: words[1] ?? '' };
  const [found, sign, fill, width, decimals, style] =
    /^(\+?)(0?)(\d{0,2})(?:\.(\d{1,2}))?([dfxXbo])$/.exec(written) ?? [];
  if (found === undefined || (decimals !== undefined && style !== 'f')) return undefined;
  return {
    ...{ as: 'number', style: style as 'd', signed: sign === '+' },
    ...{ width: Number(width ?? 0), fill: fill === '0' ? '0' : ' ' },
    decimals: decimals === undefined ? undefined : Number(decimals),
  };
}

function takenFormat(written: string | undefined): TakenFormat | undefined {
  if (written === undefined) return 'auto';
  const words = written.split('|');
  if (words.length > 1) return words.every((word) => word !== '') ? words : undefined;
  return takenTypes.find((each) => each === written);
}
