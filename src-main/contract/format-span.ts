import type { Millis } from './units.ts';

/** A span as people read it: below ten seconds `4.2 s`, below an hour `m:ss`, then `4 h 12 min`.
 *  @param span not negative; less reads as none */
export function formatSpan(span: Millis): string {
  const seconds = Math.max(0, span) / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const twoDigits = String(Math.floor(seconds % 60)).padStart(2, '0');
  if (seconds < 3600) return `${Math.floor(seconds / 60)}:${twoDigits}`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}
