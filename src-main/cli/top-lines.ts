import type { Micros } from '../contract/units.ts';
import { visibleJson, visibleText } from '../platform/visible-text.ts';
import { isoTime } from './signal-lines.ts';
import type { TrafficReport } from './traffic.ts';
import { formatValue } from './value-json.ts';
import { cutText } from '../contract/cut-text.ts';

/** Rows where no window says how many it can hold. */
export const topRowsMax = 100;

/** What `flyrail top` knows about the router. */
export interface TopHead {
  readonly router: string;
  /** why there is no session now */
  readonly trouble: string | undefined;
}

export interface TopSize {
  readonly columns: number;
  readonly rows: number;
}

/** A report for people. @returns lines of at most `columns` characters, at most `rows` of them */
export function topBlock({ router, trouble }: TopHead, report: TrafficReport, { columns, rows }: TopSize): string[] {
  const { rate, messages, addresses } = report;
  const about = trouble === undefined ? '' : `  NO SESSION: ${trouble}`;
  const head = `${router}  ${short(rate)}/s  ${messages} messages  ${addresses} addresses${about}`;
  const shown = report.rows.slice(0, Math.max(0, rows - 2));
  const width = Math.min(Math.max(8, ...shown.map(({ address }) => visibleText(address).length)), columns >> 1);
  const lines = shown.map(({ address, kind, value, rate: each }) => {
    const name = cutText(visibleText(address), width).padEnd(width);
    return `${short(each).padStart(8)}  ${kind.padEnd(8)}  ${name}  ${visibleJson(formatValue(value))}`;
  });
  const titles = `${'per s'.padStart(8)}  ${'kind'.padEnd(8)}  ${'address'.padEnd(width)}  last value`;
  return [visibleText(head), titles, ...lines].map((line) => cutText(line, columns));
}

/** The same as an object, with the busiest addresses. */
export function topJson({ router, trouble }: TopHead, report: TrafficReport, at: Micros): string {
  const { messages, rate, addresses, rows } = report;
  const busiest = rows.slice(0, topRowsMax).map(({ address, kind, value, rate: each }) => {
    const [name, type] = [JSON.stringify(address), JSON.stringify(kind)];
    return `{"address":${name},"kind":${type},"rate":${rounded(each)},"value":${formatValue(value)}}`;
  });
  const head = { at: isoTime(at), router, connected: trouble === undefined, messages, rate: rounded(rate), addresses };
  return visibleJson(`${JSON.stringify(head).slice(0, -1)},"top":[${busiest.join(',')}]}`);
}

function rounded(rate: number): number {
  return Math.round(rate * 10) / 10;
}

function short(rate: number): string {
  return rate >= 100 ? String(Math.round(rate)) : String(rounded(rate));
}

/** A letter of two UTF-16 units is not cut in half. */
