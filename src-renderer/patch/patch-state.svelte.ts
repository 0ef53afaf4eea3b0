import type { Mapping } from '../../src-main/contract/show.ts';
import type { EngineState } from '../engine/engine-state.svelte.ts';
import { FieldFaults } from '../widgets/field-faults.svelte.ts';
import type { MessageBoard } from '../widgets/messages.svelte.ts';
import { sourceFault, targetFault } from './check-addresses.ts';
import { MappingChanges, type ChangeWords, type Turn } from './mapping-changes.svelte.ts';
import { draftMapping, isBegun, unparkMapping } from './patch-edits.ts';
import { countStates, mappingState, patchRows, type MappingState, type PatchFilter } from './patch-rows.ts';
import { describeDraft } from './row-words.ts';
import { SourceLearn } from './source-learn.svelte.ts';

/** The patch page: what is shown, what is inspected, and the mapping that is being written. */
export class PatchState {
  filter = $state<PatchFilter>('all');
  find = $state('');
  /** the row with the cursor: a mapping's id or a group's */
  cursor = $state<string | undefined>();
  /** a draft that was left for another row; the next new mapping goes on with it */
  parked = $state.raw<Mapping | undefined>();
  /** on a narrow page the inspector is shown only while this is true */
  inspecting = $state(false);
  /** fields of the inspector that hold a text which will not do */
  readonly faults = new FieldFaults();
  readonly changes: MappingChanges;
  readonly learn: SourceLearn;

  readonly #engine: EngineState;
  readonly #messages: MessageBoard;
  #givenUp: string | undefined;
  #written = $state.raw<Mapping | undefined>();
  #writtenTurn = 0;
  /** the mapping that was added last, and the show it went to */
  #added = $state.raw<{ readonly id: string; readonly showTurn: number } | undefined>();
  /** counts what the operator chose */
  #choices = 0;
  /** a mapping that is being written and is not in the show yet; its number is one that nothing has */
  readonly draft = $derived.by(() => this.#written && unparkMapping(this.#engine.document, this.#written));
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
  /** another for each mapping, and in another show for a mapping of the same id */
  readonly inspectedKey = $derived.by(() => {
    const isWrittenHere = this.draft !== undefined || this.isAdded(this.inspected?.id);
    return `${isWrittenHere ? this.#writtenTurn : this.#engine.showTurn} ${this.inspected?.id}`;
  });
  readonly canAdd = $derived.by(() => {
    const { draft } = this;
    if (!draft || this.faults.any) return false;
    return (
      sourceFault(draft.source.pattern) === undefined &&
      targetFault(draft.target.address, draft.source.pattern) === undefined
    );
  });

  constructor(engine: EngineState, messages: MessageBoard) {
    this.#engine = engine;
    this.#messages = messages;
    this.changes = new MappingChanges({
      engine,
      messages,
      inspected: () => this.inspected?.id,
      later: () => this.#later(),
    });
    this.learn = new SourceLearn({ engine, messages, page: this });
  }

  /** New mappings that were begun, in words: they go with the page. */
  get begun(): readonly string[] {
    return [this.draft, this.parked].flatMap((draft) => (draft && isBegun(draft) ? [describeDraft(draft)] : []));
  }

  stateOf(mapping: Mapping): MappingState {
    const { live, problemsById, offline } = this.#engine;
    // What flows cannot be known without an engine.
    const flowing = !offline && live.flowing.has(mapping.id);
    return mappingState(mapping, {
      problem: problemsById.get(mapping.id),
      flowing,
      carried: flowing || live.track(mapping.id) !== undefined,
    });
  }

  /** The mapping of this id: being written, left in the middle of that, or in the show. */
  mappingOf(id: string): Mapping | undefined {
    return [this.draft, this.parked].find((mapping) => mapping?.id === id) ?? this.#engine.mappingsById.get(id);
  }

  /** Whether it is not in the show yet. */
  isWritten(id: string): boolean {
    return this.#written?.id === id || this.parked?.id === id;
  }

  /** Whether it was written here and added to the show that is on the table. */
  isAdded(id: string | undefined): boolean {
    return this.#added?.id === id && this.#added?.showTurn === this.#engine.showTurn;
  }

  /** Cancelled or deleted by this operator. */
  isGivenUp(id: string): boolean {
    return this.#givenUp === id && !this.mappingOf(id);
  }

  /** Puts the cursor on a row; a draft that was begun stays until it is added, cancelled or left for another row. */
  select(id: string | undefined): void {
    this.#choices++;
    this.fallTo(id);
  }

  /** Puts the cursor on a row that the operator did not choose. */
  fallTo(id: string | undefined): void {
    this.cursor = id;
    if (this.changes.refusal?.id !== id) this.changes.refusal = undefined;
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
    this.#choices++;
    if (!this.#written) this.#writtenTurn = this.#engine.showTurn;
    if (this.parked) this.#written = this.parked;
    else this.#written ??= draftMapping(this.#engine.document, group);
    this.parked = undefined;
    this.changes.refusal = undefined;
    this.inspecting = true;
  }

  async cancelDraft(): Promise<void> {
    if (this.learn.session.target === this.draft?.id) await this.learn.stop();
    this.#givenUp = this.draft?.id;
    this.#written = undefined;
    this.#choices++;
    this.changes.refusal = undefined;
    this.inspecting = false;
  }

  async addDraft(): Promise<void> {
    const { draft } = this;
    if (!draft || !this.canAdd) return;
    const added = this.#written;
    const selectThen = this.#later();
    if (!(await this.changes.add(draft, this.cursor))) return;
    const later = [this.#written, this.parked].find((mapping) => mapping?.id === draft.id);
    if (this.#written === later) this.#written = undefined;
    if (this.parked === later) this.parked = undefined;
    this.#added = { id: draft.id, showTurn: this.#engine.showTurn };
    selectThen(draft.id);
    // What came in while it was on its way.
    if (added && later && later !== added)
      await this.changes.change({ before: added, after: later }, { what: 'the rest' });
  }

  /** Any change in the inspector: at once for a mapping of the show, in the draft for one that is not there yet. */
  async change(turn: Turn<Mapping>, words: ChangeWords): Promise<void> {
    const { id } = turn.after;
    if (this.#written?.id === id) this.#written = turn.after;
    else if (this.parked?.id === id) this.parked = turn.after;
    else if (!this.#isGone(turn.before)) await this.changes.change(turn, words);
  }

  async setEnabled(mapping: Mapping, enabled: boolean): Promise<void> {
    if (this.#written?.id === mapping.id) this.#written = { ...mapping, enabled };
    else await this.changes.setEnabled(mapping, enabled);
  }

  async remove(mapping: Mapping): Promise<void> {
    const next = this.#neighbourOf(mapping.id);
    const choices = this.#choices;
    this.#givenUp = mapping.id;
    if (!(await this.changes.remove(mapping, next))) this.#givenUp = undefined;
    else if (choices === this.#choices) this.inspecting = false;
  }

  async group(mapping: Mapping, name: string): Promise<void> {
    if (!this.#isGone(mapping)) await this.changes.group(mapping, name);
  }

  #later(): (id: string | undefined) => void {
    const choices = this.#choices;
    return (id) => {
      if (choices === this.#choices) this.fallTo(id);
    };
  }

  /** Keeps what was written of a new mapping when another row is looked at. */
  #park(): void {
    const draft = this.#written;
    this.#written = undefined;
    if (draft) this.#givenUp = draft.id;
    if (!draft || !isBegun(draft)) return;
    this.parked = draft;
    this.#messages.good('The new mapping is kept', {
      consequence: 'N goes on with it.',
      action: { label: 'Go on', run: () => this.parked && this.begin() },
    });
  }

  /** A mapping that was deleted while it was edited is not brought back by what was typed. */
  #isGone(mapping: Mapping): boolean {
    if (this.mappingOf(mapping.id)) return false;
    if (!this.isGivenUp(mapping.id)) this.changes.sayGone(mapping, 'Nothing was changed.');
    return true;
  }

  #neighbourOf(id: string): string | undefined {
    const mappings = this.rows.filter((row) => row.kind === 'mapping');
    const index = mappings.findIndex((row) => row.id === id);
    return (mappings[index + 1] ?? mappings[index - 1])?.id;
  }
}
