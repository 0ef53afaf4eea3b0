import { untrack } from 'svelte';
import { AppError, messageOf } from '../../src-main/contract/errors.ts';
import type { Cancel } from '../../src-main/contract/message-link.ts';
import type { Group, Mapping } from '../../src-main/contract/show.ts';
import type { EngineState } from '../engine/engine-state.svelte.ts';
import { changeItem, itemOf, type ShowChange } from '../engine/show-change.ts';
import { newId } from '../engine/show-ids.ts';
import { dependOn } from '../widgets/depend-on.ts';
import type { MessageBoard } from '../widgets/messages.svelte.ts';
import {
  addMapping,
  dissolveGroup,
  duplicateMapping,
  groupMapping,
  moveMapping,
  putMappingBack,
  removeMapping,
} from './patch-edits.ts';

/** What one change of a mapping is called in undo, and which drag it belongs to. */
export interface ChangeWords {
  /** finishes `change set 3: …` */
  readonly what: string;
  readonly gesture?: string | undefined;
}

/** A thing as it was seen and as it is meant to be. */
export interface Turn<T> {
  readonly before: T;
  readonly after: T;
}

export interface MappingChangesOptions {
  readonly engine: EngineState;
  readonly messages: MessageBoard;
  /** what the inspector shows, which also shows refusals of it */
  readonly inspected: () => string | undefined;
  /** asked at the press: chooses a row when the answer is there, unless the operator chose one meanwhile */
  readonly later: () => (id: string | undefined) => void;
}

interface Refusal {
  readonly id: string;
  readonly sentence: string;
  /** it was not heard at all: not true any more once there is an engine again */
  readonly withoutEngine: boolean;
}

/** Every change to the mappings and groups of the show. Each says whether it was made; what was refused is said in
 *  words, in the inspector or in the corner. */
export class MappingChanges {
  /** what the engine said about the last change, and of which mapping */
  refusal = $state.raw<Refusal | undefined>();
  readonly #options: MappingChangesOptions;
  /** what the corner says of sets that are gone, and of a lost engine: it ends when that does */
  readonly #passing = new Map<number, () => boolean>();

  constructor(options: MappingChangesOptions) {
    this.#options = options;
  }

  /** Takes back what was said of a lost engine when it is back, and of a set that is gone when that is. */
  follow(): Cancel {
    const { engine, messages } = this.#options;
    return $effect.root(() => {
      $effect(() => {
        if (engine.connection !== 'ready') return;
        // A link is known to be gone a little earlier than the engine.
        untrack(() => this.refusal?.withoutEngine && (this.refusal = undefined));
      });
      $effect(() => {
        dependOn(engine.connection, engine.mappingsById);
        untrack(() => {
          for (const [message, isOver] of this.#passing) {
            if (!isOver()) continue;
            this.#passing.delete(message);
            messages.dismiss(message);
          }
        });
      });
    });
  }

  add(draft: Mapping, after: string | undefined): Promise<boolean> {
    return this.#commit(draft, { plan: (document) => addMapping(document, draft, after) });
  }

  async change({ before, after }: Turn<Mapping>, { what, gesture }: ChangeWords): Promise<void> {
    const label = `change set ${before.number}: ${what}`;
    await this.#commit(before, changeItem('mappings', { before, after }, { label, gesture }));
  }

  async setEnabled(before: Mapping, enabled: boolean): Promise<void> {
    const label = `${enabled ? 'unlock' : 'lock'} set ${before.number}`;
    await this.#commit(before, changeItem('mappings', { before, after: { ...before, enabled } }, { label }));
  }

  /** @param next where the cursor goes from there */
  async remove(mapping: Mapping, next: string | undefined): Promise<boolean> {
    const { engine, messages, later } = this.#options;
    const select = later();
    const place = engine.document.mappings.findIndex((other) => other.id === mapping.id);
    const done = await this.#commit(mapping, {
      plan: (document) => removeMapping(itemOf(document, 'mappings', mapping.id)),
    });
    if (done || !engine.mappingsById.has(mapping.id)) select(next);
    if (!done) return false;
    messages.good(`Set ${mapping.number} deleted`, {
      action: { label: 'Undo', run: () => void this.#putBack(mapping, place), isUndo: true },
    });
    return true;
  }

  async duplicate(mapping: Mapping): Promise<boolean> {
    const { engine, messages, later } = this.#options;
    const select = later();
    const copyId = newId();
    const done = await this.#commit(mapping, {
      plan: (document) => duplicateMapping(document, itemOf(document, 'mappings', mapping.id), copyId),
    });
    const copy = engine.mappingsById.get(copyId);
    if (!done || !copy) return false;
    select(copyId);
    messages.good(`Set ${copy.number} is a locked copy of set ${mapping.number}`);
    return true;
  }

  async move(mapping: Mapping, direction: 1 | -1): Promise<void> {
    await this.#commit(mapping, {
      plan: (document) => moveMapping(document, itemOf(document, 'mappings', mapping.id), direction),
    });
  }

  async group(mapping: Mapping, name: string): Promise<void> {
    const group: Group = { id: newId(), name, folded: false };
    await this.#commit(mapping, {
      // Made by an engine that could not say so any more, it is not made again.
      plan: (document) =>
        document.groups.some(({ id }) => id === group.id)
          ? undefined
          : groupMapping(itemOf(document, 'mappings', mapping.id), group),
    });
  }

  async fold(group: Group, folded: boolean): Promise<void> {
    await this.#changeGroup(group, { folded }, `${folded ? 'fold' : 'unfold'} ${group.name}`);
  }

  async renameGroup(group: Group, name: string): Promise<void> {
    await this.#changeGroup(group, { name }, `rename the group ${group.name}`);
  }

  async dissolve(group: Group): Promise<void> {
    await this.#commit(group, { plan: (document) => dissolveGroup(document, itemOf(document, 'groups', group.id)) });
  }

  /** Runs something that the engine can refuse, and says so where the mapping is. */
  async attempt(id: string, run: () => Promise<unknown>): Promise<boolean> {
    this.refusal = undefined;
    try {
      await run();
      return true;
    } catch (error) {
      this.#say(id, error);
      return false;
    }
  }

  /** Where a set went that is not in the show any more, in a sentence. */
  whereTo({ id, number }: Mapping): string {
    const by = this.#options.engine.removedBy(id);
    const where = by === 'here' ? 'is no longer in the show: it was taken out in this window' : undefined;
    const elsewhere = by === 'elsewhere' ? 'was deleted in another window' : 'is not in this show';
    return `Set ${number} ${where ?? elsewhere}.`;
  }

  /** Says that a set is not in the show any more, until it is back. */
  sayGone(mapping: Mapping, consequence?: string): void {
    const { engine, messages } = this.#options;
    const message = messages.fault(this.whereTo(mapping), consequence);
    this.#passing.set(message, () => engine.mappingsById.has(mapping.id));
  }

  async #changeGroup(before: Group, part: Partial<Group>, label: string): Promise<void> {
    await this.#commit(before, changeItem('groups', { before, after: { ...before, ...part } }, { label }));
  }

  /** An edit of its own: by now an undo might take back something else. */
  async #putBack(mapping: Mapping, place: number): Promise<void> {
    const select = this.#options.later();
    const done = await this.#commit(mapping, { plan: (document) => putMappingBack(document, mapping, place) });
    if (done) select(mapping.id);
  }

  async #commit(item: Mapping | Group, change: ShowChange): Promise<boolean> {
    const { engine } = this.#options;
    this.refusal = undefined;
    try {
      await engine.change(change);
      return true;
    } catch (error) {
      const gone = error instanceof AppError && error.code === 'unknown-id' && 'number' in item;
      if (gone && !engine.mappingsById.has(item.id)) this.sayGone(item);
      else this.#say(item.id, error);
      return false;
    }
  }

  #say(id: string, error: unknown): void {
    const { engine, messages, inspected } = this.#options;
    const withoutEngine = error instanceof AppError && error.code === 'link-closed';
    this.refusal = { id, sentence: messageOf(error), withoutEngine };
    // Where the inspector does not show it, the corner does.
    if (inspected() === id) return;
    const message = messages.fault('This was refused.', error);
    if (withoutEngine) this.#passing.set(message, () => engine.connection === 'ready');
  }
}
