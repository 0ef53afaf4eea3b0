import { untrack } from 'svelte';
import type { NetworkCard } from '../../src-main/contract/device.ts';
import { AppError, messageOf } from '../../src-main/contract/errors.ts';
import type { Cancel } from '../../src-main/contract/message-link.ts';
import type { Bridge, BridgeKind } from '../../src-main/contract/show.ts';
import type { EngineState } from '../engine/engine-state.svelte.ts';
import { changeItem, type ShowChange } from '../engine/show-change.ts';
import { newId, ownOrFreeNumber } from '../engine/show-ids.ts';
import { addBridge, applyTyped, copyBridge, removeBridge } from './bridge-changes.ts';
import { draftOfBridge, newBridgeDraft, withChange, type BridgeDraft, type DraftChange } from './bridge-draft.ts';
import { checkBridgeDraft, type DraftCheck } from './check-bridge-draft.ts';
import { DeviceRates } from './device-rates.svelte.ts';
import { kindWords, type DeviceTab } from './device-row.ts';
import { dependOn } from '../widgets/depend-on.ts';
import type { MessageBoard } from '../widgets/messages.svelte.ts';
import { TypedChanges, type FormKey } from './typed-changes.svelte.ts';
import { describeTyped } from './typed-words.ts';

const kinds = ['osc', 'sacn'] as const satisfies readonly BridgeKind[];

/** What the Devices page is about: which device is looked at, and what was typed but not applied. Typed text stays with
 *  its device when another is looked at, and a new bridge that was begun is gone on with. */
export class DevicesState {
  tab = $state<DeviceTab>('all');
  selectedId = $state<string | undefined>();
  /** the bridge being added, as it was offered */
  adding = $state.raw<BridgeDraft | undefined>();
  busy = $state(false);
  /** the last refusal, for the inspector */
  problem = $state('');
  cards = $state.raw<readonly NetworkCard[]>([]);
  readonly rates = new DeviceRates();
  readonly #engine: EngineState;
  readonly #messages: MessageBoard;
  readonly #typed: TypedChanges;
  /** of the new bridge that was begun last */
  #lastKind: BridgeKind = 'osc';
  /** the last refusal was that there is no engine */
  #withoutEngine = false;
  /** the device that was being changed when the engine went without an answer */
  #unanswered: string | undefined;

  constructor(engine: EngineState, messages: MessageBoard) {
    this.#engine = engine;
    this.#messages = messages;
    this.#typed = new TypedChanges(engine, messages);
  }

  readonly bridge: Bridge | undefined = $derived.by(() =>
    this.#engine.document.bridges.find((bridge) => bridge.id === this.selectedId),
  );
  /** the form: what is in the show or was offered, with what was typed on top */
  readonly draft: BridgeDraft | undefined = $derived.by(() => {
    const base = this.adding ? this.#renumbered(this.adding) : this.bridge && draftOfBridge(this.bridge);
    return base && withChange(base, this.#form && this.#typed.of(this.#form));
  });
  readonly check: DraftCheck | undefined = $derived(this.draft && checkBridgeDraft(this.draft));
  readonly changed: boolean = $derived.by(() =>
    this.adding ? this.#typed.of({ kind: this.adding.kind }) !== undefined : this.isChanged(this.selectedId),
  );

  /** Follows the rates for as long as the page lives. */
  follow(): Cancel {
    return $effect.root(() => {
      $effect(() => {
        dependOn(this.#engine.stats);
        untrack(() => this.rates.add(this.#engine.devices));
      });
      $effect(() => {
        dependOn(this.#engine.document, this.#engine.showTurn);
        untrack(() => this.#typed.sayLost());
      });
      $effect(() => {
        if (this.#engine.connection !== 'ready') return;
        if (this.#withoutEngine) this.#forgetProblem();
        untrack(() => this.#typed.forgetMade(this.#unanswered));
        this.#unanswered = undefined;
      });
    });
  }

  isChanged(bridgeId: string | undefined): boolean {
    const bridge = this.#engine.document.bridges.find(({ id }) => id === bridgeId);
    return bridge !== undefined && this.#typed.isChanged(bridge);
  }

  /** What was typed for devices of this show and is not applied, in words: it goes with the show. */
  get unapplied(): readonly string[] {
    return this.#typed.unapplied;
  }

  /** New bridges that were begun, in words: they go with the page. */
  get begun(): readonly string[] {
    return kinds.flatMap((kind) => {
      const typed = this.#typed.of({ kind });
      return typed ? [`a new ${kindWords[kind]} bridge with ${describeTyped(typed)}`] : [];
    });
  }

  select(bridgeId: string | undefined): void {
    this.selectedId = bridgeId;
    this.#park();
    this.#forgetProblem();
  }

  /** Begins a bridge, or goes on with the one that was begun.
   *  @param kind absent: as it was begun */
  startAdding(kind = this.#kindBegun): void {
    const before = this.adding;
    const name = before && before.kind !== kind ? this.#typed.of({ kind: before.kind })?.name : undefined;
    // The form that is open stays as it is; its new object brings it to the operator's notice.
    this.adding = before?.kind === kind ? { ...before } : newBridgeDraft(kind, this.#engine.document.bridges, newId);
    this.#lastKind = kind;
    if (name !== undefined) this.change({ name });
    this.#forgetProblem();
    void this.readCards();
  }

  /** One field was typed in. */
  change(change: DraftChange): void {
    const base = this.adding ?? (this.bridge && draftOfBridge(this.bridge));
    const form = this.#form;
    if (!base || !form) return;
    this.#typed.put(form, { ...this.#typed.of(form), ...change }, base);
    this.#forgetProblem();
  }

  /** Takes back what was typed; a bridge that is being added is not added. */
  revert(): void {
    this.#forgetForm();
    this.adding = undefined;
    this.#forgetProblem();
  }

  /** Adds the new bridge, or applies what was typed. Nothing happens while a field wants a repair. */
  async submit(): Promise<void> {
    const bridge = this.check?.bridge;
    if (!bridge || (!this.adding && !this.changed)) return;
    if (this.adding) return this.#add(bridge, { kind: bridge.kind });
    const form = { bridge };
    const typed = this.#typed.of(form);
    const select = this.#later();
    const done = await this.#edit(applyTyped(bridge, typed), () => {
      this.#typed.forgetApplied(form, typed);
      select(bridge.id);
    });
    if (!done && this.#withoutEngine) this.#unanswered = bridge.id;
  }

  async #add(bridge: Bridge, form: FormKey): Promise<void> {
    const typed = this.#typed.of(form);
    await this.#edit(addBridge(bridge), () => {
      this.#typed.forgetApplied(form, typed);
      if (this.adding?.id !== bridge.id) return;
      const since = this.#typed.of(form);
      this.#forgetNew();
      if (since) this.#typed.put({ bridge }, since, draftOfBridge(bridge));
      this.select(bridge.id);
    });
  }

  async setEnabled(bridge: Bridge, enabled: boolean): Promise<void> {
    const label = `switch ${bridge.name} ${enabled ? 'on' : 'off'}`;
    await this.#edit(changeItem('bridges', { before: bridge, after: { ...bridge, enabled } }, { label }));
  }

  async remove(bridge: Bridge): Promise<boolean> {
    const { bridges } = this.#engine.document;
    const at = bridges.findIndex((other) => other.id === bridge.id);
    const next = bridges[at + 1] ?? bridges[at - 1];
    const select = this.#later();
    this.#typed.noteTakenOut(bridge.id, true);
    const done = await this.#edit(removeBridge(bridge), () => select(next?.id));
    if (!done) this.#typed.noteTakenOut(bridge.id, false);
    return done;
  }

  /** An edit of its own: by now an undo might take back something else. */
  async putBack(bridge: Bridge, at: number): Promise<boolean> {
    const select = this.#later();
    return this.#edit(addBridge(bridge, at), () => select(bridge.id));
  }

  async duplicate(bridge: Bridge): Promise<void> {
    const copyId = newId();
    const select = this.#later();
    await this.#edit(copyBridge(bridge, copyId), () => select(copyId));
  }

  async readCards(): Promise<void> {
    try {
      this.cards = await this.#engine.api.listNetworkCards();
    } catch {
      // The choice falls back to what the show names and "the system chooses"; nothing is lost.
      this.cards = [];
    }
  }

  get #form(): FormKey | undefined {
    if (this.adding) return { kind: this.adding.kind };
    return this.bridge && { bridge: this.bridge };
  }

  get #kindBegun(): BridgeKind {
    return this.adding?.kind ?? (this.#typed.of({ kind: this.#lastKind }) ? this.#lastKind : 'osc');
  }

  /** Selects when the answer to a press is there, unless the operator is at something else by then. */
  #later(): (bridgeId: string | undefined) => void {
    const { selectedId, adding } = this;
    return (bridgeId) => {
      if (this.selectedId === selectedId && this.adding === adding) this.select(bridgeId);
    };
  }

  #forgetForm(): void {
    if (this.adding) this.#forgetNew();
    else if (this.bridge) this.#typed.forget({ bridge: this.bridge });
  }

  #forgetNew(): void {
    for (const kind of kinds) this.#typed.forget({ kind });
    this.adding = undefined;
  }

  #forgetProblem(): void {
    this.problem = '';
    this.#withoutEngine = false;
  }

  /** Keeps what was typed of a new bridge when a device is looked at. */
  #park(): void {
    const kind = this.adding?.kind;
    this.adding = undefined;
    if (!kind || !this.#typed.of({ kind })) return;
    this.#messages.good('The new bridge is kept', {
      consequence: 'N goes on with it.',
      action: { label: 'Go on', run: () => this.startAdding() },
    });
  }

  #renumbered(draft: BridgeDraft): BridgeDraft {
    return { ...draft, number: ownOrFreeNumber(this.#engine.document.bridges, draft) };
  }

  async #edit(change: ShowChange, then?: () => void): Promise<boolean> {
    this.busy = true;
    this.#forgetProblem();
    try {
      await this.#engine.change(change);
      then?.();
      return true;
    } catch (error) {
      this.problem = messageOf(error);
      this.#withoutEngine = error instanceof AppError && error.code === 'link-closed';
      return false;
    } finally {
      this.busy = false;
    }
  }
}
