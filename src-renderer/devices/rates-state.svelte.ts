import type { RateLimitSettings } from '../../src-main/contract/access-rules.ts';
import { messageOf } from '../../src-main/contract/errors.ts';
import type { EngineState } from '../engine/engine-state.svelte.ts';
import { isSame } from '../engine/is-same.ts';
import { checkRatesDraft, draftOfRates, type RatesDraft } from './rates-draft.ts';

interface OpenRates {
  /** what held as the form was begun */
  readonly base: RateLimitSettings;
  /** the form before anything was typed */
  readonly first: RatesDraft;
  readonly draft: RatesDraft;
}

/** How fast clients may send, as it is typed and applied. */
export class RatesState {
  busy = $state(false);
  /** why they were refused; empty when they were not */
  problem = $state('');
  #open = $state.raw<OpenRates | undefined>();
  readonly #engine: EngineState;
  readonly #send: (limits: RateLimitSettings) => Promise<void>;

  /** @param send has them hold on the machine; rejects when they are refused */
  constructor(engine: EngineState, send: (limits: RateLimitSettings) => Promise<void>) {
    this.#engine = engine;
    this.#send = send;
  }

  /** the form: what holds, with what was typed on top */
  readonly draft: RatesDraft | undefined = $derived.by(() => {
    const limits = this.#engine.accessRules?.rateLimits;
    return this.#open?.draft ?? (limits && draftOfRates(limits));
  });
  readonly check = $derived.by(() => this.draft && checkRatesDraft(this.draft));
  readonly areTyped: boolean = $derived.by(
    () => this.#open !== undefined && !isSame(this.#open.draft, this.#open.first),
  );
  /** another window applied others while these were typed */
  readonly areOld: boolean = $derived.by(
    () => this.areTyped && !isSame(this.#open?.base, this.#engine.accessRules?.rateLimits),
  );

  change(change: Partial<RatesDraft>): void {
    const base = this.#engine.accessRules?.rateLimits;
    if (!base || !this.draft) return;
    const open = this.#open ?? { base, first: this.draft };
    this.#open = { ...open, draft: { ...this.draft, ...change } };
    this.problem = '';
  }

  drop(): void {
    this.#open = undefined;
    this.problem = '';
  }

  /** Nothing happens while a field wants a repair. */
  async apply(): Promise<void> {
    const open = this.#open;
    const limits = this.check?.limits;
    if (!limits) return;
    this.busy = true;
    this.problem = '';
    try {
      await this.#send(limits);
      // What was typed meanwhile stays, on top of what holds by now.
      if (this.#open) this.#open = this.#open === open ? undefined : { ...this.#open, base: limits };
    } catch (error) {
      this.problem = messageOf(error);
    } finally {
      this.busy = false;
    }
  }
}
