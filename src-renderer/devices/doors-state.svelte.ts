import { doorKinds, type DoorStatus, type KeptDoor } from '../../src-main/contract/door.ts';
import { messageOf } from '../../src-main/contract/errors.ts';
import type { EngineState } from '../engine/engine-state.svelte.ts';
import { isSame } from '../engine/is-same.ts';
import { newId } from '../engine/show-ids.ts';
import { isolated } from '../widgets/isolate.ts';
import type { MessageBoard } from '../widgets/messages.svelte.ts';
import { checkDoorDraft, draftOfDoor, isForOthers, newDoorDraft, type DoorDraft } from './door-draft.ts';
import { doorName } from './door-row.ts';

interface OpenForm {
  readonly id: string;
  /** undefined for a new one */
  readonly door: DoorStatus | undefined;
  /** as the form was opened */
  readonly base: DoorDraft;
}

/** The first that is offered; the WebSocket port has 7330, discovery 7331. */
const firstPort = 7332;

/** The ways in for CLASP clients: which one has the cursor, the form that is open, and every change to them. They belong
 *  to the machine and not to the show, so undo does not reach them. It lives as long as the window. */
export class DoorsState {
  cursor = $state<string | undefined>();
  form = $state.raw<OpenForm | undefined>();
  draft = $state.raw<DoorDraft | undefined>();
  /** why the form was refused; empty when it was not */
  problem = $state('');
  busy = $state(false);
  /** why the last press on a way in was refused, by its id */
  refusals = $state.raw<Readonly<Record<string, string>>>({});
  readonly #engine: EngineState;
  readonly #messages: MessageBoard;

  constructor(engine: EngineState, messages: MessageBoard) {
    this.#engine = engine;
    this.#messages = messages;
  }

  readonly check = $derived.by(() => this.draft && checkDoorDraft(this.draft));
  /** the form is about one that another window deleted */
  readonly isGone: boolean = $derived.by(
    () => this.form?.door !== undefined && this.#engine.doors.every(({ id }) => id !== this.form?.id),
  );

  /** What was typed and is not applied, in words. */
  get begun(): readonly string[] {
    if (!this.form || isSame(this.draft, this.form.base)) return [];
    return [this.form.door ? `changes to ${isolated(doorName(this.form.door))}` : 'a new way in'];
  }

  /** Begins a new one, or goes on with the form that is open. */
  startAdding(): void {
    if (this.form) return;
    const taken = new Set(this.#engine.doors.map(({ settings }) => settings && 'port' in settings && settings.port));
    let port = firstPort;
    while (taken.has(port)) port++;
    this.#open(newId(), newDoorDraft(doorKinds[0], port));
  }

  startChanging(door: DoorStatus): void {
    if (door.settings === null || door.isGiven) return;
    this.#open(door.id, draftOfDoor(door.settings, door.isAnyoneChosen), door);
  }

  change(change: Partial<DoorDraft>): void {
    if (!this.draft) return;
    this.draft = { ...this.draft, ...change };
    this.problem = '';
  }

  close(): void {
    this.form = undefined;
    this.draft = undefined;
    this.problem = '';
  }

  /** Adds or changes what the form is about. Nothing happens while a field wants a repair.
   *  @returns whether it was taken */
  async submit(): Promise<boolean> {
    const { form, draft, check } = this;
    if (!form || !draft || !check?.settings || this.busy) return false;
    const { id, door } = form;
    const isForAnyone = draft.isForAnyone && isForOthers(draft);
    this.busy = true;
    try {
      await this.#put({ id, enabled: door?.enabled ?? true, isForAnyone, settings: check.settings });
    } catch (error) {
      if (this.form === form) this.problem = messageOf(error);
      else this.#messages.fault('The way in stays as it is', error);
      return false;
    } finally {
      this.busy = false;
    }
    if (this.form === form) this.close();
    this.cursor = id;
    if (door) this.#offerBack(door, 'is changed');
    return true;
  }

  async switch(door: DoorStatus, enabled: boolean): Promise<void> {
    await this.#press(door.id, async () => {
      this.#engine.doors = await this.#engine.api.switchDoor({ id: door.id, enabled });
    });
  }

  async remove(door: DoorStatus): Promise<void> {
    if (door.settings === null || door.isGiven) return;
    const { doors } = this.#engine;
    const at = doors.findIndex(({ id }) => id === door.id);
    const next = doors[at + 1] ?? doors[at - 1];
    const isRemoved = await this.#press(door.id, async () => {
      this.#engine.doors = await this.#engine.api.removeDoor({ id: door.id });
    });
    if (!isRemoved) return;
    if (this.form?.id === door.id) this.close();
    this.cursor = next?.id;
    this.#offerBack(door, 'is deleted');
  }

  #open(id: string, base: DoorDraft, door?: DoorStatus): void {
    this.form = { id, door, base };
    this.draft = base;
    this.problem = '';
  }

  async #put(door: KeptDoor): Promise<void> {
    this.#engine.doors = await this.#engine.api.putDoor(door);
    this.#forget(door.id);
  }

  /** Undo is for the show: what belongs to the machine comes back from here. */
  #offerBack(door: DoorStatus, became: string): void {
    const { id, enabled, isAnyoneChosen: isForAnyone, settings } = door;
    if (settings === null) return;
    const name = isolated(doorName(door));
    const putBack = async (): Promise<void> => {
      try {
        await this.#put({ id, enabled, isForAnyone, settings });
        this.cursor = id;
      } catch (error) {
        this.#messages.fault(`${name} is not put back`, error);
      }
    };
    this.#messages.good(`${name} ${became}`, {
      consequence: 'Who came in by it is out. Undo does not reach ways in.',
      action: { label: 'Put back', run: () => void putBack() },
    });
  }

  async #press(id: string, run: () => Promise<void>): Promise<boolean> {
    this.#forget(id);
    try {
      await run();
      return true;
    } catch (error) {
      this.refusals = { ...this.refusals, [id]: messageOf(error) };
      return false;
    }
  }

  #forget(id: string): void {
    const { [id]: _said, ...others } = this.refusals;
    this.refusals = others;
  }
}
