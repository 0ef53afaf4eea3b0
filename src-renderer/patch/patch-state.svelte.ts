import { messageOf } from '../../src-main/contract/errors.ts';
import type { Edit } from '../../src-main/contract/show-edit.ts';
import type { Group, Mapping } from '../../src-main/contract/show.ts';
import type { EngineState } from '../engine/engine-state.svelte.ts';
import type { MessageBoard } from '../widgets/messages.svelte.ts';
import { sourceFault, targetFault } from './check-addresses.ts';
import { LearnSession } from './learn-session.svelte.ts';
import {
  dissolveGroup,
  draftMapping,
  duplicateMapping,
  groupMapping,
  isBegun,
  moveMapping,
  putGroup,
  putMapping,
  putMappingBack,
  removeMapping,
  unparkMapping,
} from './patch-edits.ts';
import { countStates, mappingState, patchRows, type MappingState, type PatchFilter } from './patch-rows.ts';

/** What one change of a mapping is called in undo, and which drag it belongs to. */
export interface ChangeWords {
  /** finishes `change set 3: …` */
  readonly what: string;
  readonly gesture?: string | undefined;
}

/** The patch page: what is shown, what is inspected, and every change an operator can make here. */
export class PatchState {
  filter = $state<PatchFilter>('all');
  find = $state('');
  /** the row with the cursor: a mapping's id or a group's */
  cursor = $state<string | undefined>();
  /** a mapping that is being written and is not in the show yet */
  draft = $state.raw<Mapping | undefined>();
  /** a draft that was left for another row; the next new mapping goes on with it */
  parked = $state.raw<Mapping | undefined>();
  /** on a narrow page the inspector is shown only while this is true */
  inspecting = $state(false);
  /** what the engine said about the last change, and of which mapping */
  refusal = $state.raw<{ readonly id: string; readonly sentence: string } | undefined>();
  readonly learn = new LearnSession();

  readonly #engine: EngineState;
  readonly #messages: MessageBoard;
  #cancelled: string | undefined;
  readonly rows = $derived.by(() =>
    patchRows(this.#engine.document, {
      filter: this.filter,
      find: this.find,
      stateOf: (mapping) => this.stateOf(mapping),
    }),
  );
  readonly counts = $derived.by(() => countStates(this.#engine.document.mappings, (mapping) => this.stateOf(mapping)));
  /** what the inspector shows: the draft, else the mapping with the cursor */
  readonly inspected = $derived.by(
    () => this.draft ?? (this.cursor === undefined ? undefined : this.#engine.mappingsById.get(this.cursor)),
  );
  readonly canAdd = $derived.by(() => {
    const { draft } = this;
    if (!draft) return false;
    return (
      sourceFault(draft.source.pattern) === undefined &&
      targetFault(draft.target.address, draft.source.pattern) === undefined
    );
  });

  constructor(engine: EngineState, messages: MessageBoard) {
    this.#engine = engine;
    this.#messages = messages;
  }

  stateOf(mapping: Mapping): MappingState {
    const { live, problemsById } = this.#engine;
    const flowing = live.flowing.has(mapping.id);
    return mappingState(mapping, {
      problem: problemsById.get(mapping.id),
      flowing,
      carried: flowing || live.track(mapping.id) !== undefined,
    });
  }

  /** Puts the cursor on a row; a draft that was begun stays until it is added, cancelled or left for another row. */
  select(id: string | undefined): void {
    this.cursor = id;
    if (this.refusal?.id !== id) this.refusal = undefined;
  }

  inspect(id: string): void {
    this.#park();
    this.select(id);
    this.inspecting = true;
  }

  /** Goes on with the draft that was left, else begins a mapping in the group of the row with the cursor. */
  begin(): void {
    const group =
      this.inspected?.groupId ?? this.#engine.document.groups.find((one) => one.id === this.cursor)?.id ?? null;
    if (this.parked) this.draft = unparkMapping(this.#engine.document, this.parked);
    else this.draft ??= draftMapping(this.#engine.document, group);
    this.parked = undefined;
    this.refusal = undefined;
    this.inspecting = true;
  }

  async cancelDraft(): Promise<void> {
    if (this.learn.target === this.draft?.id) await this.stopLearn();
    this.#cancelled = this.draft?.id;
    this.draft = undefined;
    this.refusal = undefined;
    this.inspecting = false;
  }

  async addDraft(): Promise<void> {
    const { draft } = this;
    if (!draft || !this.canAdd) return;
    const after = this.#engine.mappingsById.get(this.cursor ?? '');
    const sameGroup = after && after.groupId === draft.groupId ? after.id : undefined;
    const edit = putMapping(this.#engine.document, draft, { label: `add set ${draft.number}`, after: sameGroup });
    if (!(await this.#commit(draft.id, edit))) return;
    this.draft = undefined;
    this.select(draft.id);
  }

  /** Any change in the inspector: at once for a mapping of the show, in the draft for one that is not there yet. */
  async change(mapping: Mapping, words: ChangeWords): Promise<void> {
    if (this.draft?.id === mapping.id) {
      this.draft = mapping;
      return;
    }
    if (this.parked?.id === mapping.id) this.parked = mapping;
    else if (!this.#isGone(mapping)) await this.#put(mapping, words);
  }

  async #put(mapping: Mapping, words: ChangeWords): Promise<void> {
    const edit = putMapping(this.#engine.document, mapping, {
      label: `change set ${mapping.number}: ${words.what}`.slice(0, 120),
    });
    await this.#commit(mapping.id, words.gesture === undefined ? edit : { ...edit, gesture: words.gesture });
  }

  async setEnabled(mapping: Mapping, enabled: boolean): Promise<void> {
    if (this.draft?.id === mapping.id) this.draft = { ...mapping, enabled };
    else {
      const label = `${enabled ? 'unlock' : 'lock'} set ${mapping.number}`;
      await this.#commit(mapping.id, putMapping(this.#engine.document, { ...mapping, enabled }, { label }));
    }
  }

  async remove(mapping: Mapping): Promise<void> {
    const next = this.#neighbourOf(mapping.id);
    const place = this.#engine.document.mappings.findIndex((other) => other.id === mapping.id);
    if (!(await this.#commit(mapping.id, removeMapping(mapping)))) return;
    this.select(next);
    this.inspecting = false;
    this.#messages.good(`Set ${mapping.number} deleted`, {
      action: { label: 'Undo', run: () => void this.#putBack(mapping, place) },
    });
  }

  async duplicate(mapping: Mapping): Promise<void> {
    const { edit, copy } = duplicateMapping(this.#engine.document, mapping);
    if (!(await this.#commit(mapping.id, edit))) return;
    this.select(copy.id);
    this.#messages.good(`Set ${copy.number} is a locked copy of set ${mapping.number}`);
  }

  async move(mapping: Mapping, direction: 1 | -1): Promise<void> {
    const edit = moveMapping(this.#engine.document, mapping, direction);
    if (edit) await this.#commit(mapping.id, edit);
  }

  async group(mapping: Mapping, name: string): Promise<void> {
    if (this.#isGone(mapping)) return;
    await this.#commit(mapping.id, groupMapping(mapping, name));
  }

  async fold(group: Group, folded: boolean): Promise<void> {
    await this.#commit(group.id, putGroup({ ...group, folded }, `${folded ? 'fold' : 'unfold'} ${group.name}`));
  }

  async renameGroup(group: Group, name: string): Promise<void> {
    await this.#commit(group.id, putGroup({ ...group, name }, `rename the group ${group.name}`));
  }

  async dissolve(group: Group): Promise<void> {
    await this.#commit(group.id, dissolveGroup(this.#engine.document, group));
  }

  /** Hears for what the inspector shows, else for a mapping that is begun now. */
  async startLearn(): Promise<void> {
    if (!this.inspected) this.begin();
    const target = this.inspected;
    if (target) await this.#try(target.id, () => this.learn.start(this.#engine.api, target.id));
    if (this.learn.problem !== '') this.#messages.fault('Cannot listen.', new Error(this.learn.problem));
  }

  async stopLearn(): Promise<void> {
    if (!this.learn.listening) return;
    await this.#try(this.learn.target ?? '', () => this.learn.stop(this.#engine.api));
  }

  /** Takes what was heard as the source. */
  async pick(address: string): Promise<void> {
    const id = this.learn.target;
    const mapping = this.draft?.id === id ? this.draft : this.#engine.mappingsById.get(id ?? '');
    await this.stopLearn();
    if (mapping) await this.change({ ...mapping, source: { pattern: address } }, { what: 'source' });
  }

  /** An edit of its own: by now an undo might take back something else. */
  async #putBack(mapping: Mapping, place: number): Promise<void> {
    if (await this.#commit(mapping.id, putMappingBack(this.#engine.document, mapping, place))) this.select(mapping.id);
  }

  /** Keeps what was written of a new mapping when another row is looked at. */
  #park(): void {
    const { draft } = this;
    this.draft = undefined;
    if (!draft || !isBegun(draft)) return;
    if (this.learn.target === draft.id) void this.stopLearn();
    this.parked = draft;
    this.#messages.good('The new mapping is kept', {
      consequence: 'N goes on with it.',
      action: { label: 'Go on', run: () => this.parked && this.begin() },
    });
  }

  /** A mapping that was deleted while it was edited is not brought back by what was typed. */
  #isGone(mapping: Mapping): boolean {
    if (this.draft?.id === mapping.id || this.#engine.mappingsById.has(mapping.id)) return false;
    if (this.#cancelled !== mapping.id)
      this.#messages.fault(`Set ${mapping.number} was deleted in another window.`, new Error('Nothing was changed.'));
    return true;
  }

  #commit(id: string, edit: Edit): Promise<boolean> {
    return this.#try(id, () => this.#engine.edit(edit));
  }

  async #try(id: string, run: () => Promise<unknown>): Promise<boolean> {
    this.refusal = undefined;
    try {
      await run();
      return true;
    } catch (error) {
      this.refusal = { id, sentence: messageOf(error) };
      // Where the inspector does not show it, the corner does.
      if (this.inspected?.id !== id) this.#messages.fault('Nothing was changed.', error);
      return false;
    }
  }

  #neighbourOf(id: string): string | undefined {
    const mappings = this.rows.filter((row) => row.kind === 'mapping');
    const index = mappings.findIndex((row) => row.id === id);
    return (mappings[index + 1] ?? mappings[index - 1])?.id;
  }
}
