import type { Received } from '../core/client/received.ts';
import type { Signal } from '../contract/signal.ts';
import type { Micros } from '../contract/units.ts';
import { visibleJson, visibleText } from '../platform/visible-text.ts';
import { formatNumber, formatValue, formatWhole } from './value-json.ts';

/** One message for people: address, kind and value as JSON, with tabs between. docs/command-line.md describes it. */
export function plainLine({ signal }: Received): string {
  return `${visibleText(signal.address)}\t${kindWords(signal)}\t${visibleJson(formatValue(signal.value))}\n`;
}

/** A gesture with what tells one finger from another. */
export function kindWords(signal: Signal): string {
  return signal.kind === 'gesture' ? `gesture ${signal.phase} ${signal.gestureId}` : signal.kind;
}

/** One message as an object; the keys stand in the same order always, those that do not apply are left out.
 *  @param at when it came, by this machine's clock */
export function jsonLine(received: Received, at: Micros): string {
  const { signal, revision, writer, isSnapshot, pastAt } = received;
  const timestamp = pastAt ?? received.storedAt ?? ('timestamp' in signal ? signal.timestamp : undefined);
  const fields: readonly (readonly [name: string, json: string | undefined])[] = [
    ['address', JSON.stringify(signal.address)],
    ['kind', JSON.stringify(signal.kind)],
    ['value', formatValue(signal.value)],
    ...ofKind(signal),
    ['revision', revision === undefined ? undefined : formatWhole(revision)],
    ['writer', writer === undefined ? undefined : JSON.stringify(writer)],
    ['timestamp', timestamp === undefined ? undefined : String(timestamp)],
    ['at', JSON.stringify(isoTime(at))],
    ['snapshot', String(isSnapshot)],
    ['past', pastAt === undefined ? undefined : 'true'],
  ];
  const present = fields.filter(([, json]) => json !== undefined);
  return `${visibleJson(`{${present.map(([name, json]) => `"${name}":${json}`).join(',')}}`)}\n`;
}

export function isoTime(at: Micros): string {
  return new Date(at / 1000).toISOString();
}

function ofKind(signal: Signal): readonly (readonly [string, string | undefined])[] {
  if (signal.kind === 'gesture') {
    return [
      ['phase', JSON.stringify(signal.phase)],
      ['gestureId', String(signal.gestureId)],
    ];
  }
  if (signal.kind !== 'stream') return [];
  const { samples, rate } = signal;
  return [
    ['samples', samples && `[${samples.map(formatNumber).join(',')}]`],
    ['rate', rate === undefined ? undefined : formatNumber(rate)],
  ];
}
