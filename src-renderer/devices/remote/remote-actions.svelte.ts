import type { EngineApi } from '../../../src-main/contract/engine-api.ts';
import { messageOf } from '../../../src-main/contract/errors.ts';
import type { Role } from '../../../src-main/contract/role.ts';
import type { EngineState } from '../../engine/engine-state.svelte.ts';

/** What the operator does with who may come in: one thing at a time, and its refusal beside it. */
export class RemoteActions {
  /** what is under way, as it was named; empty for nothing */
  busy = $state('');
  /** why the last was refused, and which it was */
  problem = $state.raw<{ readonly what: string; readonly sentence: string } | undefined>();
  /** a PIN that was just made: it is told this once */
  made = $state.raw<{ readonly role: Role; readonly pin: string } | undefined>();
  readonly #engine: EngineState;

  constructor(engine: EngineState) {
    this.#engine = engine;
  }

  /** @param what names it, for the button and the problem */
  async run(what: string, command: (api: EngineApi) => Promise<unknown>): Promise<void> {
    this.busy = what;
    this.problem = undefined;
    try {
      await command(this.#engine.api);
    } catch (error) {
      this.problem = { what, sentence: messageOf(error) };
    } finally {
      this.busy = '';
    }
  }

  setPin(role: Role): Promise<void> {
    return this.run(`pin ${role}`, async (api) => {
      this.made = { role, ...(await api.setPin({ role })) };
    });
  }

  clearPin(role: Role): Promise<void> {
    if (this.made?.role === role) this.made = undefined;
    return this.run(`pin ${role}`, (api) => api.clearPin({ role }));
  }
}
