import type { Cancel } from '../../contract/message-link.ts';
import type { RadioState } from './radio.ts';

const states: Readonly<Record<string, RadioState>> = {
  poweredOn: 'on',
  poweredOff: 'off',
  unauthorized: 'unauthorized',
  unsupported: 'absent',
  failed: 'failed',
};

/** The state of an adapter as noble and bleno tell it, and who listens to it. */
export class LibraryState {
  readonly #listeners = new Set<(state: RadioState) => void>();
  #state: RadioState = 'starting';

  get isOn(): boolean {
    return this.#state === 'on';
  }

  onState(run: (state: RadioState) => void): Cancel {
    this.#listeners.add(run);
    run(this.#state);
    return () => this.#listeners.delete(run);
  }

  /** @param told a state in the libraries' words, or 'failed' */
  hear(told: string): void {
    const state = states[told] ?? 'starting';
    // Both libraries also call an adapter that is not there switched off.
    if (state === this.#state || (state === 'off' && this.#state === 'absent')) return;
    this.#state = state;
    for (const run of this.#listeners) run(state);
  }
}
