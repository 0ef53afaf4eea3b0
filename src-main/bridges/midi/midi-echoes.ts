import { EchoFilter } from '../../core/realtime/echo-filter.ts';
import type { Clock } from '../../ports/clock.ts';
import type { MidiMessage } from './midi-messages.ts';

/** A device that sends back what it got does so within this. */
const echoMicros = 100_000;

/** Tells the copies that a device sends back of what it was sent: positions only, since a note that comes is one that was
 *  played. It is a copy once for each time that it was sent; where the device was moved meanwhile, the last one is news. */
export class MidiEchoes {
  readonly #excluded: ReadonlySet<number>;
  readonly #sent: EchoFilter;

  /** @param excluded controllers that are read together with others: each of their parts counts */
  constructor(clock: Pick<Clock, 'nowMicros'>, excluded: readonly number[]) {
    this.#excluded = new Set(excluded);
    this.#sent = new EchoFilter(clock, echoMicros);
  }

  sent(message: MidiMessage): void {
    const moved = this.#positionIn(message);
    if (moved) this.#sent.said(moved.key, String(moved.value));
  }

  isEcho(message: MidiMessage): boolean {
    const moved = this.#positionIn(message);
    if (!moved) return false;
    if (this.#sent.isEcho(moved.key, String(moved.value))) return true;
    this.#sent.contest(moved.key);
    return false;
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
