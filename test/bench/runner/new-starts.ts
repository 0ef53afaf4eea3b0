import { messageOf } from '../../../src-main/contract/errors.ts';

/** of all peers of a scenario */
const newStartsMax = 3;

interface NewStartsOptions {
  /** tells of each */
  readonly say: (words: string) => void;
  readonly interrupted: AbortSignal;
}

/** Peers that fall over under load: each is told of, started anew and measured again, a few times at most. It is no reason to
 *  know nothing of the others. */
export class NewStarts {
  readonly #say: (words: string) => void;
  readonly #interrupted: AbortSignal;
  #left = newStartsMax;

  constructor({ say, interrupted }: NewStartsOptions) {
    this.#say = say;
    this.#interrupted = interrupted;
  }

  /** @param once starts the server where it does not run
   *  @throws what `once` fails with when there were too many */
  async measure<T>(once: () => Promise<T>, stop: () => Promise<void>): Promise<T> {
    for (;;) {
      try {
        return await once();
      } catch (cause) {
        if (this.#interrupted.aborted || this.#left-- <= 0) throw cause;
        this.#say(`measured again, since ${messageOf(cause)}`);
        await stop();
      }
    }
  }
}
