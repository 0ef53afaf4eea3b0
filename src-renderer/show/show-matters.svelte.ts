import { messageOf } from '../../src-main/contract/errors.ts';

/** What an answer or a refusal belongs to. */
export type Matter = 'save' | 'open' | 'new' | 'demo' | 'restore' | 'history' | 'name' | 'settings';

/** Never turned away, or a save under way would lose them: the engine takes them in order. */
const editMatters: ReadonlySet<Matter> = new Set(['history', 'name', 'settings']);

/** What is under way, and why the last try was refused. One show command at a time, and any edit beside it. */
export class ShowMatters {
  busy = $state<Matter | undefined>();
  #problem = $state.raw<{ readonly matter: Matter; readonly sentence: string } | undefined>();
  readonly #onrefused: () => void;

  /** @param onrefused brings up the page where a refusal is read */
  constructor(onrefused: () => void) {
    this.#onrefused = onrefused;
  }

  /** whether the last try was refused */
  get refused(): boolean {
    return this.#problem !== undefined;
  }

  /** The sentence of the last refusal, when it was about this. */
  problemOf(matter: Matter): string | undefined {
    return this.#problem?.matter === matter ? this.#problem.sentence : undefined;
  }

  forget(): void {
    this.#problem = undefined;
  }

  /** @returns undefined when it was refused, or while another show command is under way */
  async try<T>(matter: Matter, run: () => Promise<T>): Promise<T | undefined> {
    const isEdit = editMatters.has(matter);
    if (!isEdit && this.busy !== undefined) return undefined;
    if (!isEdit) this.busy = matter;
    this.#problem = undefined;
    try {
      return await run();
    } catch (error) {
      this.#problem = { matter, sentence: messageOf(error) };
      if (matter !== 'history') this.#onrefused();
      return undefined;
    } finally {
      if (!isEdit) this.busy = undefined;
    }
  }
}
