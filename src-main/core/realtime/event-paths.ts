import { segmentsOf, type Address } from '../../contract/address.ts';

// The name of an event holds everything, a part of an address no `*`, no control characters, and it is empty at the end only.
// These stand as `%XX` there, and what looks like one of these codes in a name gets one more `25` behind its `%`: every name
// is one path and every path one name, and a plain % stays a %.
const inName = /%((?:25)*)(2A|7F|0[1-9A-F]|1[0-9A-F])|[*\u0001-\u001f\u007f]/g;
const inPath = /%((?:25)*)(2A|7F|0[1-9A-F]|1[0-9A-F])/g;
const emptyPart = '%00';
/** `%00`, `%2500` …: a whole part that is not the last one. */
const looksEmpty = /^%(25)*00$/;

/** The path that stands for the name of an event: `lamp/1` is `/lamp/1`, `/a` is `/%00/a`, `a*` is `/a%2A`. Never fails; the
 *  path may be no address: too long, or `/` of an empty name. */
export function pathOfEvent(name: string): string {
  const parts = name.split('/');
  return parts.map((part, i) => `/${segmentOf(part, i === parts.length - 1)}`).join('');
}

/** The name of the event that stands for a path, which begins with a slash: `/a/b` is `a/b`. */
export function eventOfPath(path: string): string {
  const segments = segmentsOf(path as Address);
  return segments.map((segment, i) => partOf(segment, i === segments.length - 1)).join('/');
}

function segmentOf(part: string, isLast: boolean): string {
  if (!isLast && part === '') return emptyPart;
  if (!isLast && looksEmpty.test(part)) return `%25${part.slice(1)}`;
  return part.replace(inName, (found, more?: string, code?: string) =>
    more === undefined
      ? `%${found.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`
      : `%25${more}${code ?? ''}`,
  );
}

function partOf(segment: string, isLast: boolean): string {
  if (!isLast && segment === emptyPart) return '';
  if (!isLast && looksEmpty.test(segment)) return `%${segment.slice(3)}`;
  return segment.replace(inPath, (_found, more: string, code: string) =>
    more === '' ? String.fromCharCode(Number.parseInt(code, 16)) : `%${more.slice(2)}${code}`,
  );
}
