import type { ShellCommand } from '../../src-main/contract/shell-api.ts';
import type { EngineState } from '../engine/engine-state.svelte.ts';

/** More than anyone gives before the first picture; further ones are left out. */
export const heldCommandsMax = 16;

interface ShellCommandsOptions {
  readonly engine: Pick<EngineState, 'connection' | 'offline' | 'connectionReason'>;
  readonly obey: (command: ShellCommand) => Promise<void>;
}

/** What the desktop shell asks of the page: its menu, and files opened from the desktop. Obeyed on an empty page they
 *  would not ask about edits that are not saved, so they wait until the page knows the show. */
export class ShellCommands {
  readonly #options: ShellCommandsOptions;
  #held: ShellCommand[] = [];

  constructor(options: ShellCommandsOptions) {
    this.#options = options;
  }

  hear(command: ShellCommand): void {
    if (command.type === 'engine') this.#options.engine.connectionReason = command.reason;
    else if (!this.#mustWait(command)) void this.#options.obey(command);
    else if (this.#held.length < heldCommandsMax) this.#held.push(command);
  }

  /** Obeys what was held, in order, each after the one before it. */
  async release(): Promise<void> {
    for (const command of this.#held.splice(0)) await this.#options.obey(command);
  }

  /** Nothing is known of the show yet, or of edits in it that a file opened now would leave behind. What else is asked
   *  for while the engine is gone is refused in words, not carried out when nobody expects it any more. */
  #mustWait(command: ShellCommand): boolean {
    const { connection, offline } = this.#options.engine;
    return connection !== 'ready' && (command.type === 'open-path' || !offline);
  }
}
