import type { Signal } from '../../../contract/signal.ts';
import type { RouterCounters } from '../counters.ts';
import type { Scheduled } from '../requests/scheduled-bundles.ts';

/** Signals of a participant in the process that wait for their time. */
export class LocalBundle implements Scheduled {
  /** others see all of it at once, and nothing of it before */
  readonly isApart = true;
  readonly grant = undefined;
  readonly #publish: () => void;
  readonly #counters: RouterCounters;

  constructor(publish: () => void, counters: RouterCounters) {
    this.#publish = publish;
    this.#counters = counters;
  }

  run(): void {
    this.#publish();
  }

  /** Whoever publishes tells it in the same breath. */
  tell(): void {}

  missed(): void {
    this.#counters.missedBundlesTotal++;
  }

  /** Only what a token was shown for is cancelled. */
  cancelled(): void {}
}

/** What signals take while they wait, as far as it counts against the room that all share. */
export function waitingBytesOf(signals: readonly Signal[]): number {
  return signals.reduce((sum, { address, value }) => sum + 64 + address.length * 2 + sizeOf(value), 0);
}

function sizeOf(value: Signal['value']): number {
  switch (value.type) {
    case 'string':
      return value.value.length * 2;
    case 'bytes':
      return value.value.length;
    case 'array':
      return value.value.reduce((sum, item) => sum + 16 + sizeOf(item), 0);
    case 'map':
      return value.value.reduce((sum, [key, item]) => sum + 16 + key.length * 2 + sizeOf(item), 0);
    default:
      return 8;
  }
}
