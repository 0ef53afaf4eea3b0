import { AppError } from '../../src-main/contract/errors.ts';
import type { Bridge } from '../../src-main/contract/show.ts';
import type { EngineState } from '../engine/engine-state.svelte.ts';
import { changeItem, type ShowChange } from '../engine/show-change.ts';
import { newId } from '../engine/show-ids.ts';
import { isolated } from '../widgets/isolate.ts';
import type { MessageBoard } from '../widgets/messages.svelte.ts';
import { addBridge, copyBridge, removeBridge } from './bridge-changes.ts';
import type { DeviceRequests, Outcome } from './device-requests.svelte.ts';
import type { FormKey, TypedChanges } from './typed-changes.svelte.ts';

interface DeviceEditsOptions {
  readonly engine: EngineState;
  readonly messages: MessageBoard;
  readonly typed: TypedChanges;
  readonly requests: DeviceRequests;
  /** the form that is open */
  readonly form: () => FormKey | undefined;
  /** asked at a press: what selects a device when the answer is there, unless the operator is elsewhere by then */
  readonly later: () => (bridgeId: string | undefined) => void;
}

/** What is done to whole devices, each an edit of the show. A refusal is said where it came from. */
export class DeviceEdits {
  readonly #options: DeviceEditsOptions;

  constructor(options: DeviceEditsOptions) {
    this.#options = options;
  }

  async setEnabled(bridge: Bridge, enabled: boolean): Promise<void> {
    const label = `switch ${bridge.name} ${enabled ? 'on' : 'off'}`;
    await this.make(changeItem('bridges', { before: bridge, after: { ...bridge, enabled } }, { label }), { bridge });
  }

  async remove(bridge: Bridge): Promise<boolean> {
    const { engine, typed, later } = this.#options;
    const { bridges } = engine.document;
    const at = bridges.findIndex((other) => other.id === bridge.id);
    const next = bridges[at + 1] ?? bridges[at - 1];
    const select = later();
    typed.noteTakenOut(bridge.id, true);
    const outcome = await this.make(removeBridge(bridge), { bridge }, () => select(next?.id));
    if (outcome !== 'made') typed.noteTakenOut(bridge.id, false);
    return outcome === 'made';
  }

  /** An edit of its own: by now an undo might take back something else. */
  async putBack(bridge: Bridge, at: number): Promise<void> {
    const select = this.#options.later();
    await this.make(addBridge(bridge, at), { bridge }, () => select(bridge.id));
  }

  async duplicate(bridge: Bridge): Promise<void> {
    const copyId = newId();
    const select = this.#options.later();
    await this.make(copyBridge(bridge, copyId), { bridge }, () => select(copyId));
  }

  /** @param form that it comes from
   *  @param then runs when it is made */
  async make(change: ShowChange, form: FormKey, then?: () => void): Promise<Outcome> {
    const { requests, typed } = this.#options;
    const outcome = await requests.send(typed.keyOf(form), change, (error) => this.#sayElsewhere(form, error));
    if (outcome === 'made') then?.();
    return outcome;
  }

  /** What was refused after its form was left is said where the operator is; of a device that is gone, that it is gone. */
  #sayElsewhere(form: FormKey, error: unknown): void {
    const { typed, messages } = this.#options;
    const open = this.#options.form();
    if (open && typed.keyOf(open) === typed.keyOf(form)) return;
    if (error instanceof AppError && error.code === 'unknown-id') return;
    const what = 'kind' in form ? 'The new bridge is not added' : `${isolated(form.bridge.name)} stays as it is`;
    messages.fault(what, error);
  }
}
