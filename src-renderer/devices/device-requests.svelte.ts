import { AppError, messageOf } from '../../src-main/contract/errors.ts';
import type { EngineState } from '../engine/engine-state.svelte.ts';
import type { ShowChange } from '../engine/show-change.ts';

interface Refusal {
  readonly sentence: string;
  /** it was not heard at all: not true any more once there is an engine again */
  readonly withoutEngine: boolean;
}

/** made, refused in words, or sent to an engine that went without an answer */
export type Outcome = 'made' | 'refused' | 'unanswered';

/** What is asked of the engine from the forms of devices. What is under way, and why the last try was refused, belongs to
 *  the form that it came from, whichever is open when the answer comes. */
export class DeviceRequests {
  #refusals = $state.raw<Readonly<Record<string, Refusal>>>({});
  #underWay = $state.raw<readonly string[]>([]);
  readonly #engine: Pick<EngineState, 'change'>;

  constructor(engine: Pick<EngineState, 'change'>) {
    this.#engine = engine;
  }

  /** Why the last try from this form was refused; empty when it was not. */
  refusalOf(form: string): string {
    return this.#refusals[form]?.sentence ?? '';
  }

  isUnderWay(form: string): boolean {
    return this.#underWay.includes(form);
  }

  /** @param onrefused told with what was thrown */
  async send(form: string, change: ShowChange, onrefused: (error: unknown) => void): Promise<Outcome> {
    this.forget(form);
    this.#underWay = [...this.#underWay, form];
    try {
      await this.#engine.change(change);
      return 'made';
    } catch (error) {
      const withoutEngine = error instanceof AppError && error.code === 'link-closed';
      this.#refusals = { ...this.#refusals, [form]: { sentence: messageOf(error), withoutEngine } };
      onrefused(error);
      return withoutEngine ? 'unanswered' : 'refused';
    } finally {
      this.#underWay = this.#underWay.toSpliced(this.#underWay.indexOf(form), 1);
    }
  }

  forget(form: string): void {
    const { [form]: _said, ...others } = this.#refusals;
    this.#refusals = others;
  }

  /** The engine is back. */
  forgetUnheard(): void {
    const heard = Object.entries(this.#refusals).filter(([, { withoutEngine }]) => !withoutEngine);
    this.#refusals = Object.fromEntries(heard);
  }
}
