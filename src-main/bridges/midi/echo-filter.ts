import type { Micros } from '../../contract/units.ts';
import type { MidiMessage } from './midi-messages.ts';

/** A device that sends back what it got does so within this. */
const echoMicros = 100_000;

/** Tells the copies that a device sends back of what it was sent: positions only, since a note that comes is one that was
 *  played. It is a copy once for each time that it was sent. */
export class EchoFilter {
  readonly #excluded: ReadonlySet<number>;
  /** by what moved, the value and when it was sent: one for each controller there can be at most */
  readonly #sent = new Map<string, { readonly value: number; readonly at: Micros }>();

  /** @param excluded controllers that are read together with others: each of their parts counts */
  constructor(excluded: readonly number[]) {
    this.#excluded = new Set(excluded);
  }

  sent(message: MidiMessage, at: Micros): void {
    const moved = this.#positionIn(message);
    if (moved) this.#sent.set(moved.key, { value: moved.value, at });
  }

  isEcho(message: MidiMessage, now: Micros): boolean {
    const moved = this.#positionIn(message);
    const sent = moved && this.#sent.get(moved.key);
    if (!sent || sent.value !== moved.value) return false;
    this.#sent.delete(moved.key);
    return now - sent.at <= echoMicros;
  }

  #positionIn(message: MidiMessage): { key: string; value: number } | undefined {
    switch (message.type) {
      case 'control':
        if (this.#excluded.has(message.controller)) return undefined;
        return { key: `c ${message.channel} ${message.controller}`, value: message.value };
      case 'bend':
        return { key: `b ${message.channel}`, value: message.value };
      case 'pressure':
        return { key: `p ${message.channel}`, value: message.pressure };
      case 'note-pressure':
        return { key: `n ${message.channel} ${message.note}`, value: message.pressure };
      default:
        return undefined;
    }
  }
}

/** The controllers that are parts of others. */
export function joinedControllers(fine: readonly number[], numbered: boolean): number[] {
  const pairs = fine.flatMap((controller) => [controller, controller + 32]);
  return numbered ? [...pairs, 6, 38, 96, 97, 98, 99, 100, 101] : pairs;
}
