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

const monthNames = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
