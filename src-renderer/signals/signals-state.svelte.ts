import { AppError, messageOf } from '../../src-main/contract/errors.ts';
import type { SignalRule } from '../../src-main/contract/show.ts';
import type { EngineState } from '../engine/engine-state.svelte.ts';
import { changeItem, itemOf, type ShowChange } from '../engine/show-change.ts';
import { FieldFaults } from '../widgets/field-faults.svelte.ts';
import { isolated } from '../widgets/isolate.ts';
import type { MessageBoard } from '../widgets/messages.svelte.ts';
import {
  addRule,
  changeSettings,
  draftRule,
  patternFault,
  putRuleBack,
  removeRule,
  rulesInOrder,
  type SettingsChange,
} from './rule-edits.ts';

/** A field of a rule. */
export type RulePart = Partial<Omit<SignalRule, 'id'>>;

/** What the engine did not take of a rule: it stays in its fields, with the reason, until it is tried again or taken back. */
interface Refusal {
  readonly id: string;
  readonly part: RulePart;
  /** a rule of the same id in another show has nothing to do with it */
  readonly showTurn: number;
  /** the fields it is about; none where it is about the whole rule */
  readonly at: readonly string[];
  readonly sentence: string;
}

/** The rules of signals: which one is looked at, the one that is being written, and every change to them. It lives as long
 *  as the window. */
export class SignalsState {
  /** the row with the cursor */
  cursor = $state<string | undefined>();
  /** on a narrow page the inspector is shown only while this is true */
  inspecting = $state(false);
  /** why the settings for all signals were not changed */
  settingsProblem = $state<string | undefined>();
  /** fields of the inspector that hold a text which will not do */
  readonly faults = new FieldFaults();

  #refused = $state.raw<Refusal | undefined>();
  readonly #engine: EngineState;
  readonly #messages: MessageBoard;
  /** a rule that is not in the show yet; kept while another is looked at */
  #written = $state.raw<SignalRule | undefined>();
  #isWriting = $state(false);
  #givenUp: string | undefined;
  readonly rules: readonly SignalRule[] = $derived.by(() => rulesInOrder(this.#engine.document.signalRules));
  readonly draft = $derived.by(() => (this.#isWriting ? this.#written : undefined));
  readonly inspected = $derived.by(() => this.draft ?? this.rules.find(({ id }) => id === this.cursor));
  readonly canAdd = $derived.by(
    () => this.draft !== undefined && !this.faults.any && this.faultOf(this.draft.pattern, this.draft.id) === undefined,
  );

  constructor(engine: EngineState, messages: MessageBoard) {
    this.#engine = engine;
    this.#messages = messages;
  }

  /** what the engine did not take last, of the show that is on the table */
  get refusal(): Refusal | undefined {
    return this.#refused?.showTurn === this.#engine.showTurn ? this.#refused : undefined;
  }

  /** What goes with the page, in words. */
  get begun(): readonly string[] {
    const draft = this.#written;
    const refused = this.refusal?.part.pattern;
    return [
      ...(draft && draft.pattern !== '' ? [`the new rule for “${draft.pattern}”`] : []),
      ...(refused === undefined ? [] : [`“${refused}” as pattern of a rule`]),
    ];
  }

  /** The rule of this id: being written, or in the show. */
  ruleOf(id: string): SignalRule | undefined {
    return this.#written?.id === id ? this.#written : this.#engine.document.signalRules.find((rule) => rule.id === id);
  }

  isWritten(id: string): boolean {
    return this.#written?.id === id;
  }

  /** Cancelled or deleted by this operator. */
  isGivenUp(id: string): boolean {
    return this.#givenUp === id && !this.ruleOf(id);
  }

  faultOf(pattern: string, id: string): string | undefined {
    return patternFault(pattern, this.#engine.document.signalRules, id);
  }

  /** Puts the cursor on a row; a rule that was begun is kept, and `begin` goes on with it. */
  select(id: string | undefined): void {
    const left = this.draft;
    this.#isWriting = false;
    this.cursor = id;
    if (left?.pattern === '') this.#written = undefined;
    else if (left) {
      this.#messages.good('The new rule is kept', {
        consequence: 'N goes on with it.',
        action: { label: 'Go on', run: () => this.begin() },
      });
    }
  }

  inspect(id: string): void {
    this.select(id);
    this.inspecting = true;
  }

  begin(): void {
    this.#written ??= draftRule();
    this.#isWriting = true;
    this.inspecting = true;
  }

  cancel(): void {
    this.#givenUp = this.#written?.id;
    if (this.refusal?.id === this.#givenUp) this.#refused = undefined;
    this.#written = undefined;
    this.#isWriting = false;
    this.inspecting = false;
  }

  async add(): Promise<boolean> {
    const { draft } = this;
    if (!draft || !this.canAdd) return false;
    if (!(await this.#commit(draft, { plan: () => addRule(draft) }, { pattern: draft.pattern }))) return false;
    const later = this.#written;
    if (later?.id !== draft.id) return true;
    // Who chose another row meanwhile stays there.
    if (this.#isWriting) this.cursor = draft.id;
    this.#isWriting = false;
    this.#written = undefined;
    // What came in while it was on its way.
    if (later !== draft) await this.#change(draft, later, 'the rest');
    return true;
  }

  /** Any change in the inspector: at once for a rule of the show, in the draft for one that is not there yet.
   *  @param what finishes `change the rule for /x: …` */
  async change(id: string, part: RulePart, { what, gesture }: { what: string; gesture?: string }): Promise<void> {
    const before = this.ruleOf(id);
    if (!before) return;
    if (this.#written?.id === id) {
      this.#written = { ...before, ...part };
      if (this.refusal?.id === id) this.#refused = undefined;
    } else await this.#change(before, { ...before, ...part }, what, gesture);
  }

  /** Sends once more what was refused. */
  async tryAgain(): Promise<void> {
    const { refusal } = this;
    const before = refusal && this.ruleOf(refusal.id);
    if (before && !this.isWritten(before.id)) await this.#change(before, { ...before, ...refusal.part }, 'once more');
  }

  takeBack(): void {
    this.#refused = undefined;
  }

  async remove(rule: SignalRule): Promise<boolean> {
    const { signalRules } = this.#engine.document;
    const place = signalRules.findIndex(({ id }) => id === rule.id);
    const row = this.rules.findIndex(({ id }) => id === rule.id);
    const next = (this.rules[row + 1] ?? this.rules[row - 1])?.id;
    this.#givenUp = rule.id;
    const plan: ShowChange['plan'] = (document) => removeRule(itemOf(document, 'signalRules', rule.id));
    if (!(await this.#commit(rule, { plan }, {}))) {
      this.#givenUp = undefined;
      return false;
    }
    if (this.cursor === rule.id) {
      this.cursor = next;
      this.inspecting = false;
    }
    this.#messages.good(`The rule for ${isolated(rule.pattern)} is deleted`, {
      action: { label: 'Undo', run: () => void this.#putBack(rule, place), isUndo: true },
    });
    return true;
  }

  async changeSettings(change: SettingsChange): Promise<void> {
    this.settingsProblem = undefined;
    try {
      await this.#engine.change({ plan: (document) => changeSettings(document, change) });
    } catch (error) {
      this.settingsProblem = messageOf(error);
    }
  }

  /** Why a text cannot go to a rule any more, in a sentence. */
  whereTo(pattern: string, id: string): string {
    const where =
      this.#engine.removedBy(id) === 'here' ? 'was taken out in this window' : 'is not in the show any more';
    return `The rule for ${isolated(pattern)} ${where}. Nothing was changed.`;
  }

  async #putBack(rule: SignalRule, place: number): Promise<void> {
    if (await this.#commit(rule, { plan: (document) => putRuleBack(document, rule, place) }, {})) this.cursor = rule.id;
  }

  async #change(before: SignalRule, after: SignalRule, what: string, gesture?: string): Promise<void> {
    const label = `change the rule for ${before.pattern}: ${what}`;
    const part = Object.fromEntries(Object.entries(after).filter(([key, value]) => before[key as 'id'] !== value));
    await this.#commit(before, changeItem('signalRules', { before, after }, { label, gesture }), part);
  }

  /** What was refused before stays, unless this is about the same field.
   *  @param part what is refused, if it is */
  async #commit(rule: SignalRule, change: ShowChange, part: RulePart): Promise<boolean> {
    const older = this.refusal?.id === rule.id ? this.refusal : undefined;
    if (older && (older.at.length === 0 || older.at.some((key) => key in part))) this.#refused = undefined;
    try {
      await this.#engine.change(change);
      return true;
    } catch (error) {
      this.#say(rule, part, error);
      return false;
    }
  }

  #say(rule: SignalRule, part: RulePart, error: unknown): void {
    const isGone = error instanceof AppError && error.code === 'unknown-id' && !this.ruleOf(rule.id);
    if (isGone) {
      this.#messages.fault(this.whereTo(rule.pattern, rule.id));
      return;
    }
    const older = this.refusal?.id === rule.id ? this.refusal.part : {};
    const refused = this.isWritten(rule.id) ? {} : { ...older, ...part };
    const { showTurn } = this.#engine;
    this.#refused = { id: rule.id, showTurn, part: refused, at: Object.keys(part), sentence: messageOf(error) };
    if (this.inspected?.id !== rule.id) this.#messages.fault('This was refused.', error);
  }
}
