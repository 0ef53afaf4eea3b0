import { badFlag } from './command-args.ts';

const unitMs: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };
const isoTime = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:\d\d)?)?$/;
/** A hundred years: what lies beyond was typed by mistake. */
const longestMs = 36_525 * 86_400_000;

/** When a token ends: `90d`, `12h`, `30m`, `45s`, `2w`, or a time such as `2027-01-31` or `2027-01-31T18:00:00Z` (local without
 *  a zone, midnight without a time).
 *  @param now milliseconds since the Unix epoch
 *  @returns milliseconds since the Unix epoch, later than now
 *  @throws InputError 'bad-flag' */
export function parseExpiry(text: string, now: number): number {
  const end = spanEnd(text, now) ?? timeOf(text);
  if (end === undefined || !Number.isFinite(end))
    throw badFlag(
      'token',
      `--expires ${text || '""'}: expected a span like 90d or 12h, or a time like 2027-01-31T18:00:00Z`,
    );
  if (end <= now) throw badFlag('token', `--expires ${text}: expected a time that is still to come`);
  if (end > now + longestMs) throw badFlag('token', `--expires ${text}: expected at most a hundred years`);
  return end;
}

function spanEnd(text: string, now: number): number | undefined {
  const [, amount, unit = ''] = /^(\d{1,9})([smhdw])$/.exec(text) ?? [];
  return amount === undefined ? undefined : now + Number(amount) * (unitMs[unit] ?? 0);
}

function timeOf(text: string): number | undefined {
  if (!isoTime.test(text)) return undefined;
  // A date alone would be taken for one in UTC.
  const time = Date.parse(text.includes('T') ? text : `${text}T00:00`);
  return Number.isNaN(time) ? undefined : time;
}
