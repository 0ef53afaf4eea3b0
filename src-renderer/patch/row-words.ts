import type { Mapping } from '../../src-main/contract/show.ts';
import { isolated } from '../widgets/isolate.ts';
import { formatNumber } from '../widgets/number-words.ts';
import type { MappingState } from './patch-rows.ts';
import { addressWords } from './transform-words.ts';

export interface RowNews {
  /** what comes in; undefined for a row that is not chosen, whose name is not to change with every signal */
  readonly value: string | undefined;
  /** a word, or the reason why it does not work */
  readonly state: string;
  /** there is no engine: it was so when last heard */
  readonly stale: boolean;
}

/** A row as it is spoken: number, name, source, target and state. */
export function describeRow({ number, name, source, target }: Mapping, { value, state, stale }: RowNews): string {
  const parts = [
    `set ${number}`,
    name,
    addressWords(source.pattern),
    value,
    `to ${addressWords(target.address)}`,
    stale ? `${state}, when last heard` : state,
  ];
  return parts.filter(Boolean).join(', ');
}

/** A mapping that is not in the show yet: `a new mapping from /desk/1 to /sacn/1/1`. */
export function describeDraft({ name, source, target }: Mapping): string {
  const parts = [
    name === '' ? '' : `“${isolated(name)}”`,
    source.pattern === '' ? '' : `from ${source.pattern}`,
    target.address === '' ? '' : `to ${target.address}`,
  ];
  return ['a new mapping', ...parts.filter(Boolean)].join(' ');
}

/** @param rate signals a second */
export function describeRate(rate: number, state: MappingState): string {
  if (rate === 0) return state === 'held' ? 'held' : '–';
  return `${rate < 10 && !Number.isInteger(rate) ? rate.toFixed(1) : formatNumber(Math.round(rate))}/s`;
}
