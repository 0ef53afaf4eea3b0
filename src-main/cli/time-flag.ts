import { micros, type Micros } from '../contract/units.ts';
import { badFlag } from './command-args.ts';

/** A time as it was typed: of itself, or so long before now. */
export type TimeFlag = { readonly at: Micros } | { readonly beforeNow: Micros };

const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

const isoTime = /^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d(?::\d\d)?)(?:\.(\d{1,6}))?)?(Z|[+-]\d\d:\d\d)?$/;

/** @param text `2026-11-22T20:15:00.5Z` with up to six digits behind the point, in local time without a zone; `-90s`, `-10m`,
 *    `-2h`, `-7d`; or whole microseconds since 1970
 *  @throws InputError 'bad-flag' */
export function parseTime(flag: string, text: string): TimeFlag {
  const time = ago(text) ?? at(/^\d{9,16}$/.test(text) ? Number(text) : undefined) ?? at(isoMicros(text));
  if (time) return time;
  const expected = 'expected a time like 2026-11-22T20:15:00Z, -90s, -10m, -2h or -7d, or a timestamp in µs';
  throw badFlag('replay', `${flag} ${text}: ${expected}`);
}

/** @param now by the router's clock */
export function timeOf(time: TimeFlag, now: Micros): Micros {
  return 'at' in time ? time.at : micros(Math.max(0, now - time.beforeNow));
}

function at(time: number | undefined): TimeFlag | undefined {
  return time === undefined || !Number.isSafeInteger(time) || time < 0 ? undefined : { at: micros(time) };
}

function ago(text: string): TimeFlag | undefined {
  const [, amount, unit = ''] = /^-(\d+(?:\.\d+)?)([smhd])$/.exec(text) ?? [];
  const beforeNow = Math.round(Number(amount) * (unitSeconds[unit] ?? 0) * 1e6);
  return Number.isSafeInteger(beforeNow) && amount !== undefined ? { beforeNow: micros(beforeNow) } : undefined;
}

function isoMicros(text: string): number | undefined {
  const [, date, time = '00:00', fraction = '', zone = ''] = isoTime.exec(text) ?? [];
  if (date === undefined) return undefined;
  // Date knows milliseconds only, and takes a date alone for one in UTC.
  const ms = Date.parse(`${date}T${time}${zone}`);
  return Number.isNaN(ms) ? undefined : ms * 1000 + Number(fraction.padEnd(6, '0'));
}
