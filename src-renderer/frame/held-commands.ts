import type { ShellCommand } from '../../src-main/contract/shell-api.ts';

/** More than anyone gives before the first picture; further ones are left out. */
export const heldCommandsMax = 16;

/** Commands of the desktop shell that came before the page knows the show: obeyed on an empty page they would not ask
 *  about edits that are not saved. */
export class HeldCommands {
  #held: ShellCommand[] = [];
  readonly #obey: (command: ShellCommand) => Promise<void>;

  constructor(obey: (command: ShellCommand) => Promise<void>) {
    this.#obey = obey;
  }

  hold(command: ShellCommand): void {
    if (this.#held.length < heldCommandsMax) this.#held.push(command);
  }

  /** Obeys what was held, in order, each after the one before it. */
  async release(): Promise<void> {
    for (const command of this.#held.splice(0)) await this.#obey(command);
  }
}
