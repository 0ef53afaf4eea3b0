import type { Pattern } from '../../../contract/address.ts';
import type { AnnouncedSignal } from '../../protocol/messages.ts';
import { utf8Size } from '../../protocol/utf8.ts';

/** Sessions that are remembered for saying the same; more may say it, and hold nothing by it. */
export const ownersMax = 4;

export type AnnouncedPattern = AnnouncedSignal & { readonly address: Pattern };

/** One signal as it was announced, and by whom. */
export interface AnnouncedEntry {
  /** on bytes of its own */
  readonly signal: AnnouncedSignal;
  /** the sessions that announced it so and are here, the first of them in front; none: all have left */
  readonly owners: Set<string>;
  /** counts up over all: who announced before others goes before them */
  readonly since: number;
  readonly sizeBytes: number;
}

/** Copies what is a view of a frame. */
export function keptSignal(signal: AnnouncedSignal): AnnouncedSignal {
  if (!signal.meta?.default) return signal;
  return { ...signal, meta: { ...signal.meta, default: signal.meta.default.copy() } };
}

/** What it takes in memory, about. */
export function sizeOfSignal({ address, datatype, access, meta }: AnnouncedSignal): number {
  const texts = [address, datatype, access, meta?.unit, meta?.description];
  return texts.reduce((sum, text) => sum + utf8Size(text ?? ''), 32) + (meta?.default?.data.length ?? 0);
}

export function isPattern(signal: AnnouncedSignal): signal is AnnouncedPattern {
  return signal.address.includes('*');
}

/** Whether both say the same of the same address. */
export function saysTheSame(one: AnnouncedSignal, other: AnnouncedSignal): boolean {
  const [left, right] = [one.meta ?? {}, other.meta ?? {}];
  const isSame = (['address', 'kind', 'datatype', 'access'] as const).every((key) => one[key] === other[key]);
  const isAlike = (['unit', 'description', 'strategy'] as const).every((key) => left[key] === right[key]);
  const ends = [0, 1].every((i) => Object.is(left.range?.[i], right.range?.[i]));
  const hasDefault = left.default !== undefined && right.default !== undefined;
  return (
    isSame && isAlike && ends && (hasDefault ? left.default.equals(right.default) : left.default === right.default)
  );
}

/** Of all that covers an address, what holds there: the word of the session that was the first of those that are here, and
 *  nobody else's; of those that have left only where nobody is here. */
export function holding(entries: readonly AnnouncedEntry[]): readonly AnnouncedEntry[] {
  let first: AnnouncedEntry | undefined;
  for (const entry of entries) {
    if (entry.owners.size > 0 && (first === undefined || entry.since < first.since)) first = entry;
  }
  const [owner] = first?.owners ?? [];
  return owner === undefined ? entries : entries.filter(({ owners }) => owners.has(owner));
}
