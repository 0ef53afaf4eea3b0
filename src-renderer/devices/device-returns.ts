import type { Bridge } from '../../src-main/contract/show.ts';
import type { EngineState } from '../engine/engine-state.svelte.ts';
import { isolated } from '../widgets/isolate.ts';
import type { MessageBoard } from '../widgets/messages.svelte.ts';
import { formatNumber } from '../widgets/number-words.ts';

/** Sends devices what stands, or leaves them, by a press; what came of it is said in the corner. */
export class DeviceReturns {
  readonly #engine: Pick<EngineState, 'api'>;
  readonly #messages: MessageBoard;

  constructor(engine: Pick<EngineState, 'api'>, messages: MessageBoard) {
    this.#engine = engine;
    this.#messages = messages;
  }

  /** Whatever the bridges do by themselves.
   *  @param bridge absent for all devices that are there */
  async send(bridge?: Bridge): Promise<void> {
    const whom = bridge ? isolated(bridge.name) : 'the devices';
    try {
      const { values } = await this.#engine.api.resend(bridge ? { bridgeId: bridge.id } : {});
      const count = values === 1 ? '1 value' : `${formatNumber(values, true)} values`;
      if (values > 0) this.#messages.good(`${count} sent to ${whom}`);
      else this.#messages.good('Nothing was sent', { consequence: `No value stands for ${whom}.` });
    } catch (error) {
      this.#messages.fault(`Nothing was sent to ${whom}`, error);
    }
  }

  /** A device that asks stays as it is until something changes. */
  async leave(bridge: Bridge): Promise<void> {
    try {
      await this.#engine.api.leaveAsIs({ bridgeId: bridge.id });
      this.#messages.good(`${isolated(bridge.name)} stays as it is`, {
        consequence: 'What changes from now on is sent.',
      });
    } catch (error) {
      this.#messages.fault(`${isolated(bridge.name)} still asks`, error);
    }
  }
}
