import {
  joinSegments,
  segmentsOf,
  tryAddress,
  tryPattern,
  type Address,
  type Pattern,
} from '../../contract/address.ts';
import { BugError, InputError } from '../../contract/errors.ts';

export type Wildcard = '*' | '**';

/** A target address in which `{1}` stands for what the first wildcard of the source caught, and so on. */
export interface Template {
  /** everything it can expand to, as a pattern */
  readonly reach: Pattern;
  /** A `**` that caught nothing leaves its segment out.
   *  @param captures of the source's wildcards, in order
   *  @returns undefined when what was caught makes no address, such as one that is too long */
  expand(captures: readonly string[]): Address | undefined;
}

/** The wildcards of a pattern in the order `capture` gives what they caught. */
export function wildcardsOf(pattern: Pattern): Wildcard[] {
  return [...pattern.matchAll(/\*\*|\*/g)].map(([star]) => (star === '**' ? '**' : '*'));
}

/** @param wildcards of the source pattern
 *  @throws InputError 'mapping-bad-template', saying what to repair */
export function parseTemplate(text: string, wildcards: readonly Wildcard[]): Template {
  const fault = faultIn(text) ?? placeholderFault(text, wildcards);
  if (fault !== undefined) throw new InputError('mapping-bad-template', fault, { template: text });
  const segments = segmentsOf(text as Pattern).map((segment) => compileSegment(segment, wildcards));
  const reach = tryPattern(joinSegments(segments.map((segment) => segment.reach)));
  if (reach === undefined) throw new BugError('A checked template has no pattern.', { template: text });
  const fixed = tryAddress(text.includes('{') ? '' : text);
  return { reach, expand: (captures) => fixed ?? expand(segments, captures) };
}

interface TemplateSegment {
  /** text and, at every odd place, the number of a wildcard */
  readonly pieces: readonly string[];
  readonly reach: string;
}

const placeholder = /\{(\d+)\}/g;

function faultIn(text: string): string | undefined {
  if (text.includes('*')) return 'A target names one thing: write {1} for what the first * of the source caught.';
  // A placeholder stands where letters could, so with letters in its place the rest is already an address.
  const plain = text.replace(placeholder, 'x');
  if (/[{}]/.test(plain)) return 'A brace is open or empty. Write {1} for what the first * of the source caught.';
  if (tryAddress(plain) !== undefined) return undefined;
  if (!plain.startsWith('/')) return 'It starts with a slash: /sacn/1/{1}.';
  if (plain.includes('//')) return 'Two slashes meet. Remove one.';
  return 'It is not an address. Write it like /sacn/1/{1}.';
}

function placeholderFault(text: string, wildcards: readonly Wildcard[]): string | undefined {
  for (const segment of segmentsOf(text as Pattern)) {
    for (const [found, digits] of segment.matchAll(placeholder)) {
      const wildcard = wildcards[Number(digits) - 1];
      if (!wildcard) return missingWildcard(found, wildcards.length);
      if (wildcard === '**' && segment !== found) {
        return `${found} stands for several parts, so it stands alone between slashes: /…/${found}.`;
      }
    }
  }
  return undefined;
}

function missingWildcard(found: string, count: number): string {
  if (count === 0)
    return `The source has no *, so there is nothing for ${found}. Remove it, or put a * into the source.`;
  if (count === 1) return `The source has one wildcard: use {1}, not ${found}.`;
  return `The source has ${count} wildcards: use {1} to {${count}}, not ${found}.`;
}

function compileSegment(segment: string, wildcards: readonly Wildcard[]): TemplateSegment {
  const pieces = segment.split(placeholder);
  const several = pieces.some((piece, i) => i % 2 === 1 && wildcards[Number(piece) - 1] === '**');
  // Stars that meet inside a segment say no more than one.
  return { pieces, reach: several ? '**' : segment.replace(placeholder, '*').replace(/\*+/g, '*') };
}

function expand(segments: readonly TemplateSegment[], captures: readonly string[]): Address | undefined {
  const filled: string[] = [];
  for (const { pieces, reach } of segments) {
    const text = pieces.map((piece, i) => (i % 2 === 1 ? (captures[Number(piece) - 1] ?? '') : piece)).join('');
    if (text !== '' || reach !== '**') filled.push(text);
  }
  return tryAddress(joinSegments(filled));
}
