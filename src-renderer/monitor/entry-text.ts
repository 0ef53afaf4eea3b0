import type { MonitorDirection, MonitorEntry, SampleBatch } from '../../src-main/contract/live-events.ts';
import { f64, toJson, type SignalKind } from '../../src-main/contract/signal.ts';
import { formatClockMillis } from '../widgets/format-time.ts';
import { formatValue } from '../widgets/value-words.ts';

const directionSentence = {
  in: 'came in from',
  out: 'went out to',
  own: 'was made by',
} as const satisfies Record<MonitorDirection, string>;

const kindNote = {
  param: 'param, stays until it is set again',
  event: 'event, happens once',
  stream: 'stream, flows and may be thinned',
  gesture: 'gesture, has a beginning and an end',
  timeline: 'timeline, plays',
} as const satisfies Record<SignalKind, string>;

/** What happened, in one sentence: `/desk/fader/3 came in from foh-desk at 21:14:09.412.` */
export function describeEntry(entry: MonitorEntry): string {
  const device = entry.device === 'flyrail' ? 'Flyrail' : entry.device;
  return `${entry.address} ${directionSentence[entry.direction]} ${device} at ${formatClockMillis(entry.at)}.`;
}

/** `5 samples at 100 a second, from 0.100 to 0.900; the last is the value` */
export function describeBatch({ count, rate, lowest, highest }: SampleBatch): string {
  const pace = rate === null ? '' : ` at ${rate} a second`;
  return `${count} samples${pace}, from ${formatValue(f64(lowest))} to ${formatValue(f64(highest))}; the last is the value`;
}

export function describeKind(kind: SignalKind): string {
  return kindNote[kind];
}

/** The painted number of the mapping that a `because` names: 3 of `set 3, 0.31 ms later`. */
export function setNumberIn(because: string): number | undefined {
  const match = /\bset (\d{1,5})\b/.exec(because);
  return match?.[1] === undefined ? undefined : Number(match[1]);
}

/** Lines for a mail or a spreadsheet: one head, then one line each with fields parted by tabs, values as JSON. */
export function entriesAsText(entries: readonly MonitorEntry[]): string {
  const head = ['time', 'direction', 'device', 'kind', 'address', 'value', 'because'].join('\t');
  return `${[head, ...entries.map(entryLine)].join('\n')}\n`;
}

function entryLine(entry: MonitorEntry): string {
  const value = JSON.stringify(toJson(entry.value));
  const fields = [
    formatClockMillis(entry.at),
    entry.direction,
    entry.device,
    entry.kind,
    entry.address,
    value,
    entry.because,
  ];
  return fields.map((field) => field.replace(/[\t\n\r]/g, ' ')).join('\t');
}
