import { SerialQueue } from '../platform/serial-queue.ts';

/** Commands that may wait at once; a slow disk sheds the rest with 'too-many-items'. */
export const commandsWaitingMax = 1_000;

/** When a show's commands happen: one after the other, in the order they came. Only the writing of a file goes on beside
 *  later ones, so that a slow stick does not hold up the operator. */
export class CommandOrder {
  readonly #commands = new SerialQueue(commandsWaitingMax);
  readonly #files = new SerialQueue(commandsWaitingMax);

  /** after all commands before it */
  run<T>(command: () => Promise<T>): Promise<T> {
    return this.#commands.run(command);
  }

  /** The same, and no file is written meanwhile. */
  runAlone<T>(command: () => Promise<T>): Promise<T> {
    return this.#commands.run(() => this.#files.run(command));
  }

  /** Begins in the order of the commands, so that the file holds all edits before it; those after do not wait for it. */
  async writeFile<T>(write: () => Promise<T>): Promise<T> {
    const { done } = await this.#commands.run(() => ({ done: this.#files.run(write) }));
    return done;
  }
}
