import type { ArrivalFault } from './serial-device.ts';

/** Counted by why; `text` is a message that is no text in its encoding. */
export type Leftover = ArrivalFault | 'text' | 'address' | 'unmatched';

const words: Readonly<Record<Leftover, string>> = {
  'too-long': 'longer than a message may be',
  malformed: 'with codes that cannot be read',
  skipped: 'of noise between messages',
  'cut-short': 'cut short by silence',
  'bad-length': 'with a length that cannot be',
  checksum: 'with a wrong checksum',
  first: 'first after the port was opened',
  text: 'that are no text in UTF-8',
  address: 'that make no address',
  unmatched: 'that no rule covers',
};

/** What the settings have left out is no fault. */
const wanted: ReadonlySet<Leftover> = new Set<Leftover>(['first', 'unmatched']);

/** Counts what came and has no effect, by why. */
export class Leftovers {
  readonly #counts = new Map<Leftover, number>();

  /** without what the settings have left out */
  get faultsTotal(): number {
    return [...this.#counts].reduce((sum, [why, count]) => (wanted.has(why) ? sum : sum + count), 0);
  }

  /** @returns whether it is a fault */
  count(why: Leftover): boolean {
    this.#counts.set(why, (this.#counts.get(why) ?? 0) + 1);
    return !wanted.has(why);
  }

  /** `Left out: 3 with a wrong checksum, 1 cut short by silence.`; empty for none */
  get summary(): string {
    if (this.#counts.size === 0) return '';
    return `Left out: ${[...this.#counts].map(([why, count]) => `${count} ${words[why]}`).join(', ')}.`;
  }
}

/** What a device that is there does, as a sentence. */
export function describeTraffic({
  heard,
  sent,
  waiting,
}: Readonly<Record<'heard' | 'sent' | 'waiting', number>>): string {
  const waits = waiting === 0 ? '' : ` ${waiting} ${waiting === 1 ? 'waits' : 'wait'} to be sent.`;
  if (heard === 0 && sent === 0) return `The port is open. Nothing was heard yet.${waits}`;
  return `${counted(heard)} heard, ${sent} sent.${waits}`;
}

function counted(count: number): string {
  return `${count} ${count === 1 ? 'message' : 'messages'}`;
}
