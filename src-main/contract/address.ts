import { InputError } from './errors.ts';
import { cutText } from './cut-text.ts';

/** Where a signal lives: `/desk/fader/1`. Starts with a slash, holds no wildcard, is at most `addressBytesMax` long. */
export type Address = string & { readonly form: 'address' };
/** What a subscription or a mapping listens to: an address whose segments may hold `*`, or be `**`. */
export type Pattern = string & { readonly form: 'pattern' };

/** UTF-8 bytes of an address or pattern; far above real use, low enough that tables stay bounded. */
export const addressBytesMax = 1024;
export const segmentsMax = 64;

const encoder = new TextEncoder();

/** Texts found to be addresses: the same ones come again and again. Past the bound it starts afresh. */
const addressesSeen = new Set<string>();
const addressesSeenMax = 16_384;
const seenLengthMax = 128;

/** @throws InputError 'bad-address', saying what to repair */
export function parseAddress(text: string): Address {
  const fault = faultIn(text) ?? (text.includes('*') ? 'An address names one thing: remove the *.' : undefined);
  if (fault) throw new InputError('bad-address', fault, { address: cutText(text, 80) });
  return text as Address;
}

export function tryAddress(text: string): Address | undefined {
  if (addressesSeen.has(text)) return text as Address;
  if (faultIn(text) !== undefined || text.includes('*')) return undefined;
  if (text.length <= seenLengthMax) remember(text);
  return text as Address;
}

/** `*` stands for one segment or a run of characters inside one; `**` as a whole segment for zero or more segments.
 *  @throws InputError 'bad-pattern', saying what to repair
 *  @see CLASP-WIRE §6 */
export function parsePattern(text: string): Pattern {
  const fault = faultIn(text) ?? (hasBadStars(text) ? 'Two stars stand alone between slashes: /a/**/b.' : undefined);
  if (fault) throw new InputError('bad-pattern', fault, { pattern: cutText(text, 80) });
  return text as Pattern;
}

export function tryPattern(text: string): Pattern | undefined {
  return faultIn(text) === undefined && !hasBadStars(text) ? (text as Pattern) : undefined;
}

export function isExact(pattern: Pattern): boolean {
  return !pattern.includes('*');
}

/** The segments between slashes; `/a/` has a last, empty one. */
export function segmentsOf(text: Address | Pattern): string[] {
  return text.slice(1).split('/');
}

export function joinSegments(segments: readonly string[]): string {
  return `/${segments.join('/')}`;
}

/** Whether the pattern covers the address. */
export function matches(pattern: Pattern, address: Address): boolean {
  if (isExact(pattern)) return (pattern as string) === address;
  return matchFrom(segmentsOf(pattern), 0, segmentsOf(address), 0);
}

/** The same for many addresses: a pattern is read once, and one that only ends in `**` is quick. */
export function matcherOf(pattern: Pattern): (address: Address) => boolean {
  const base = pattern.slice(0, -'/**'.length);
  if (!pattern.endsWith('/**') || base.includes('*')) return (address) => matches(pattern, address);
  const start = `${base}/`;
  return (address) => address.startsWith(start) || address === base;
}

/** What each wildcard stood for, in order: `*` gives its text, `**` gives its segments joined by slashes.
 *  Each takes as little as it can.
 *  @returns undefined when the pattern does not cover the address */
export function capture(pattern: Pattern, address: Address): string[] | undefined {
  const found: string[] = [];
  return captureFrom(segmentsOf(pattern), 0, segmentsOf(address), 0, found) ? found : undefined;
}

/** Whether one segment is covered by one pattern segment, where `*` is any run of characters, also none. */
export function matchSegment(pattern: string, segment: string): boolean {
  if (pattern === '*') return true;
  return pattern.includes('*') ? coversSegment(pattern, segment) : pattern === segment;
}

/** As `captureSegment`, which makes what nobody wants here. */
function coversSegment(pattern: string, segment: string): boolean {
  const head = pattern.indexOf('*');
  const tail = pattern.lastIndexOf('*') + 1;
  const limit = segment.length - (pattern.length - tail);
  if (limit < head || !segment.startsWith(pattern.slice(0, head)) || !segment.endsWith(pattern.slice(tail)))
    return false;
  let at = head;
  for (let from = head + 1; from < tail;) {
    const end = pattern.indexOf('*', from);
    const next = segment.indexOf(pattern.slice(from, end), at);
    at = next + end - from;
    if (next < 0 || at > limit) return false;
    from = end + 1;
  }
  return true;
}

const star = 0x2a;

/** Whether two patterns differ in a letter before any wildcard: most do, and then nothing else counts. */
function differAtOnce(left: Pattern, right: Pattern): boolean {
  const size = Math.min(left.length, right.length);
  for (let i = 0; i < size; i++) {
    const a = left.charCodeAt(i);
    const b = right.charCodeAt(i);
    if (a === star || b === star) return false;
    if (a !== b) return true;
  }
  return false;
}

/** Whether some address can be covered by both. */
export function overlaps(left: Pattern, right: Pattern): boolean {
  if (differAtOnce(left, right)) return false;
  const memo = new Map<number, boolean>();
  const a = segmentsOf(left);
  const b = segmentsOf(right);
  const meet = (i: number, j: number): boolean => {
    const key = i * (segmentsMax + 1) + j;
    const known = memo.get(key);
    if (known !== undefined) return known;
    const result = meetAt(i, j);
    memo.set(key, result);
    return result;
  };
  const meetAt = (i: number, j: number): boolean => {
    if (i === a.length && j === b.length) return true;
    if (a[i] === '**') return meet(i + 1, j) || (j < b.length && meet(i, j + 1));
    if (b[j] === '**') return meet(i, j + 1) || (i < a.length && meet(i + 1, j));
    if (i === a.length || j === b.length) return false;
    return segmentsOverlap(a[i] ?? '', b[j] ?? '') && meet(i + 1, j + 1);
  };
  return meet(0, 0);
}

function remember(text: string): void {
  if (addressesSeen.size >= addressesSeenMax) addressesSeen.clear();
  addressesSeen.add(text);
}

function faultIn(text: string): string | undefined {
  if (text === '') return 'It is empty. It starts with a slash: /desk/fader/1.';
  if (!text.startsWith('/')) return 'It starts with a slash: /desk/fader/1.';
  if (text === '/') return 'Name something after the slash: /desk/fader/1.';
  if (text.includes('//')) return 'Two slashes meet. Remove one.';
  if (hasControlCharacter(text)) return 'It holds a control character. Remove it.';
  if (
    text.length > addressBytesMax ||
    (text.length * 3 > addressBytesMax && encoder.encode(text).length > addressBytesMax)
  ) {
    return `It is longer than ${addressBytesMax} bytes.`;
  }
  if (text.split('/').length - 1 > segmentsMax) return `It has more than ${segmentsMax} parts.`;
  return undefined;
}

function hasControlCharacter(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x20 || code === 0x7f) return true;
  }
  return false;
}

function hasBadStars(text: string): boolean {
  return text.includes('**') && text.split('/').some((segment) => segment.includes('**') && segment !== '**');
}

function matchFrom(pattern: string[], p: number, address: string[], a: number): boolean {
  for (; p < pattern.length; p++, a++) {
    if (pattern[p] === '**') return matchRest(pattern, p + 1, address, a);
    if (a >= address.length || !matchSegment(pattern[p] ?? '', address[a] ?? '')) return false;
  }
  return a === address.length;
}

function matchRest(pattern: string[], p: number, address: string[], a: number): boolean {
  // Greedy restart, as in glob matching: only the last `**` is ever reconsidered, so the work stays quadratic.
  let star = p;
  let from = a;
  while (a < address.length) {
    if (pattern[p] === '**') {
      star = ++p;
      from = a;
    } else if (p < pattern.length && matchSegment(pattern[p] ?? '', address[a] ?? '')) {
      p++;
      a++;
    } else {
      p = star;
      a = ++from;
    }
  }
  while (pattern[p] === '**') p++;
  return p === pattern.length;
}

function captureFrom(pattern: string[], p: number, address: string[], a: number, found: string[]): boolean {
  if (!matchFrom(pattern, p, address, a)) return false;
  if (p === pattern.length) return true;
  const here = pattern[p] ?? '';
  if (here === '**') {
    let end = a;
    // The check above promises that some end fits.
    while (!matchFrom(pattern, p + 1, address, end)) end++;
    found.push(address.slice(a, end).join('/'));
    return captureFrom(pattern, p + 1, address, end, found);
  }
  found.push(...(captureSegment(here, address[a] ?? '') ?? []));
  return captureFrom(pattern, p + 1, address, a + 1, found);
}

/** What each `*` in one pattern segment stood for, each as short as it can be; undefined without a match. */
function captureSegment(pattern: string, segment: string): string[] | undefined {
  const pieces = pattern.split('*');
  const first = pieces[0] ?? '';
  if (pieces.length === 1) return pattern === segment ? [] : undefined;
  const last = pieces.at(-1) ?? '';
  if (!segment.startsWith(first) || !segment.endsWith(last) || segment.length < first.length + last.length)
    return undefined;
  const found: string[] = [];
  const limit = segment.length - last.length;
  let at = first.length;
  for (const piece of pieces.slice(1, -1)) {
    const next = segment.indexOf(piece, at);
    if (next < 0 || next + piece.length > limit) return undefined;
    found.push(segment.slice(at, next));
    at = next + piece.length;
  }
  found.push(segment.slice(at, limit));
  return found;
}

/** Whether some segment is covered by both; neither is `**`. */
export function segmentsOverlap(left: string, right: string): boolean {
  if (!left.includes('*')) return matchSegment(right, left);
  if (!right.includes('*')) return matchSegment(left, right);
  const [leftHead, leftTail] = ends(left);
  const [rightHead, rightTail] = ends(right);
  return (
    (leftHead.startsWith(rightHead) || rightHead.startsWith(leftHead)) &&
    (leftTail.endsWith(rightTail) || rightTail.endsWith(leftTail))
  );
}

function ends(segment: string): [string, string] {
  return [segment.slice(0, segment.indexOf('*')), segment.slice(segment.lastIndexOf('*') + 1)];
}
