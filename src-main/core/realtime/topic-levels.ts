import { segmentsOf, type Address } from '../../contract/address.ts';

// A level of a topic holds what a part of an address cannot, `*` and control characters, and may be empty anywhere; a part of
// an address holds + and #. Each stands as `%XX` on the side that cannot hold it, and what looks like one of these there by
// itself gets one more `25` behind its `%`: every topic is one path and every path one topic, and a plain % stays a %.
const escaped = {
  /** what a topic cannot hold: + and # */
  topic: '2B|23',
  /** what an address cannot hold: *, control characters */
  address: '2A|7F|0[1-9A-F]|1[0-9A-F]',
} as const;
const emptyLevel = '%00';

/** The path that stands for a topic: `a/b` is `/a/b`, `/a` is `/%00/a`, `a*` is `/a%2A`. Never fails; the path may be too
 *  long for an address. */
export function pathOfTopic(topic: string): string {
  const levels = topic.split('/');
  return levels.map((level, i) => `/${segmentOfLevel(level, i === levels.length - 1)}`).join('');
}

/** The topic that stands for a path, which begins with a slash: `/a/b` is `a/b`, `/a+` is `a%2B`. */
export function topicOfPath(path: string): string {
  const segments = segmentsOf(path as Address);
  return segments.map((segment, i) => levelOfSegment(segment, i === segments.length - 1)).join('/');
}

/** One level of a topic as one part of an address.
 *  @param isLast only there an address may hold an empty part */
export function segmentOfLevel(level: string, isLast: boolean): string {
  if (!isLast && level === '') return emptyLevel;
  if (!isLast && looksEmpty.test(level)) return `%25${level.slice(1)}`;
  return exchange(level, fromTopic);
}

/** One part of an address as one level of a topic. */
export function levelOfSegment(segment: string, isLast: boolean): string {
  if (!isLast && segment === emptyLevel) return '';
  if (!isLast && looksEmpty.test(segment)) return `%${segment.slice(3)}`;
  return exchange(segment, fromPath);
}

/** `%00`, `%2500` …: a whole part that is not the last one. */
const looksEmpty = /^%(25)*00$/;
const fromTopic = pattern(escaped.topic, escaped.address, String.raw`[*\u0001-\u001f\u007f]`);
const fromPath = pattern(escaped.address, escaped.topic, '[+#]');

/** The groups: the 25s, a code whose character the other side holds, a code that only the other side needs. */
function pattern(here: string, there: string, chars: string): RegExp {
  return new RegExp(`%((?:25)*)(?:(${here})|(${there}))|${chars}`, 'g');
}

function exchange(text: string, codes: RegExp): string {
  return text.replace(codes, (found, more?: string, here?: string, there?: string) => {
    if (more === undefined) return hex(found);
    if (here === undefined) return `%25${more}${there ?? ''}`;
    return more === '' ? charOf(here) : `%${more.slice(2)}${here}`;
  });
}

function hex(char: string): string {
  return `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
}

function charOf(code: string): string {
  return String.fromCharCode(Number.parseInt(code, 16));
}
