import type { Micros, Millis } from '../../src-main/contract/units.ts';

/** Local time of day to the second: `21:14:07`. */
export function formatClock(at: Millis): string {
  const date = new Date(at);
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map(twoDigits).join(':');
}

/** Local time of day to the millisecond: `21:14:07.412`. */
export function formatClockMillis(at: Micros): string {
  const millis = Math.floor(at / 1000);
  return `${formatClock(millis as Millis)}.${String(millis % 1000).padStart(3, '0')}`;
}

/** The time of day when it is today, else day and time: `21:14:07`, `19 Nov 21:14`. */
export function formatMoment(at: Millis, now: Millis): string {
  const date = new Date(at);
  if (new Date(now).toDateString() === date.toDateString()) return formatClock(at);
  const day = `${date.getDate()} ${monthNames[date.getMonth()] ?? ''}`;
  const year = date.getFullYear() === new Date(now).getFullYear() ? '' : ` ${date.getFullYear()}`;
  return `${day}${year} ${formatClock(at).slice(0, 5)}`;
}

/** A span as UI.md writes it: below ten seconds `4.2 s`, below an hour `m:ss`, then `4 h 12 min`.
 *  @param span not negative; less reads as none */
export function formatSpan(span: Millis): string {
  const seconds = Math.max(0, span) / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}:${twoDigits(Math.floor(seconds % 60))}`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}

const monthNames = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
