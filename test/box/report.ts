import type { BoxResult } from './run-box.ts';
import type { Passage } from './tally.ts';

/** The figures as a table for people. */
export function reportOf(result: BoxResult, seconds: number): string {
  const { passages, cpuShare, memoryMb, numbers } = result;
  const head = ['way', 'promised', 'sent', 'came', 'lost', 'p50 ms', 'p99 ms', 'longest gap ms', 'back after ms'];
  const rows = passages.map((each) => cellsOf(each));
  const lines = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  const rate = Math.round(numbers / seconds);
  return [
    ...lines,
    '',
    `${seconds} s, ${rate} numbers a second in and out, ${(cpuShare * 100).toFixed(1)} % of a core, ` +
      `${memoryMb.begin.toFixed(0)} MB at the begin and ${memoryMb.end.toFixed(0)} MB at the end.`,
    `Disturbed: ${namesOf(result.disturbed)}. Did not notice: ${namesOf(result.unnoticed)}. Still away: ${namesOf(result.stillAway)}.`,
  ].join('\n');
}

function cellsOf(passage: Passage): readonly string[] {
  const { way, promised, sent, came, lost, p50Ms, p99Ms, longestGapMs, backMs } = passage;
  const ms = (value: number): string => value.toFixed(1);
  const back = backMs === undefined ? '' : backMs.toFixed(0);
  return [way, promised, String(sent), String(came), String(lost), ms(p50Ms), ms(p99Ms), longestGapMs.toFixed(0), back];
}

function namesOf(names: readonly string[]): string {
  return names.length === 0 ? 'nobody' : names.join('; ');
}
