import { untrack } from 'svelte';
import { bridgeKinds } from '../../src-main/contract/bridges/bridge-form.ts';
import type { NetworkCard } from '../../src-main/contract/device.ts';
import type { Cancel } from '../../src-main/contract/message-link.ts';
import type { Bridge, BridgeKind } from '../../src-main/contract/show.ts';
import type { EngineState } from '../engine/engine-state.svelte.ts';
import { newId, ownOrFreeNumber } from '../engine/show-ids.ts';
import { AccessState } from './access-state.svelte.ts';
import { splitAsked, type AskedFields } from './asked-fields.ts';
import { addBridge, applyTyped } from './bridge-changes.ts';
import { draftOfBridge, newBridgeDraft, withChange, type BridgeDraft, type DraftChange } from './bridge-draft.ts';
import { checkBridgeDraft, type DraftCheck } from './check-bridge-draft.ts';
import { DeviceEdits } from './device-edits.ts';
import { DeviceRequests } from './device-requests.svelte.ts';
import { DeviceReturns } from './device-returns.ts';
import { DeviceRates } from './device-rates.svelte.ts';
import type { DeviceTab } from './device-row.ts';
import { DeviceTest } from './device-test.svelte.ts';
import { DeviceTraffic } from './device-traffic.svelte.ts';
import { DoorsState } from './doors-state.svelte.ts';
import { kindWord } from './kinds/kinds.ts';
import { dependOn } from '../widgets/depend-on.ts';
import type { MessageBoard } from '../widgets/messages.svelte.ts';
import { TypedChanges, type FormKey } from './typed-changes.svelte.ts';
import { describeTyped } from './typed-words.ts';

/** settings: its form. traffic: a test, and what comes and goes. */
export type DeviceView = 'settings' | 'traffic';

/** What the Devices page is about: which device is looked at, and what was typed but not applied. Typed text stays with
 *  its device when another is looked at, and a new bridge that was begun is gone on with. */
export class DevicesState {
  tab = $state<DeviceTab>('all');
  selectedId = $state<string | undefined>();
  /** what the inspector shows of a device */
  view = $state<DeviceView>('settings');
  /** the bridge being added, as it was offered */
  adding = $state.raw<BridgeDraft | undefined>();
  /** how many new bridges were put away by hand */
  putAway = $state(0);
  cards = $state.raw<readonly NetworkCard[]>([]);
  readonly rates = new DeviceRates();
  readonly traffic = new DeviceTraffic();
  readonly test: DeviceTest;
  readonly returns: DeviceReturns;
  /** what is done to whole devices */
  readonly edits: DeviceEdits;
  /** ways in for CLASP clients */
  readonly doors: DoorsState;
  /** who may connect to the router */
  readonly access: AccessState;
  readonly #engine: EngineState;
  readonly #messages: MessageBoard;
  readonly #typed: TypedChanges;
  readonly #requests: DeviceRequests;
  /** the bridge, new or not, whose form was tried before all was filled in */
  #insisted = $state.raw<BridgeDraft | Bridge | undefined>();
  /** of the new bridge that was begun last */
  #lastKind: BridgeKind = 'osc';
  /** the devices that were being changed when the engine went without an answer */
  readonly #unanswered = new Set<string>();

  constructor(engine: EngineState, messages: MessageBoard) {
    this.#engine = engine;
    this.#messages = messages;
    this.#typed = new TypedChanges(engine, messages);
    this.#requests = new DeviceRequests(engine);
    this.edits = new DeviceEdits({
      ...{ engine, messages, typed: this.#typed, requests: this.#requests },
      form: () => this.#form,
      later: () => this.#later(),
    });
    this.test = new DeviceTest(engine);
    this.returns = new DeviceReturns(engine, messages);
    this.doors = new DoorsState(engine, messages);
    this.access = new AccessState(engine, messages);
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
  /** what the form wants before it does its work */
  readonly asked: AskedFields = $derived.by(() => {
    const problems = this.check?.problems ?? {};
    const about = this.adding ?? this.bridge;
    if (!this.draft || !this.#form || about === this.#insisted) return { open: [], problems };
    return splitAsked(this.draft, problems, this.#typed.of(this.#form));
  });
  /** what was asked from the form that is open is under way */
  readonly busy: boolean = $derived.by(
    () => this.#form !== undefined && this.#requests.isUnderWay(this.#key(this.#form)),
  );
  /** why the last try from the form that is open was refused; empty when it was not */
  readonly problem: string = $derived.by(() => (this.#form ? this.#requests.refusalOf(this.#key(this.#form)) : ''));
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
        untrack(() => {
          this.#requests.forgetUnheard();
          for (const id of this.#unanswered) this.#typed.forgetMade(id);
        });
        this.#unanswered.clear();
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

  /** New bridges, a way in and what of access was begun, in words: they go with the page. */
  get begun(): readonly string[] {
    const bridges = bridgeKinds.flatMap((kind) => {
      const typed = this.#typed.of({ kind });
      return typed ? [`a new ${kindWord(kind)} bridge with ${describeTyped(kind, typed)}`] : [];
    });
    return [...bridges, ...this.doors.begun, ...this.access.begun];
  }

  select(bridgeId: string | undefined): void {
    // A refusal that was read goes; one that comes later waits at its device.
    this.#forgetProblem();
    this.selectedId = bridgeId;
    this.#park();
  }

  /** Begins a bridge, or goes on with the one that was begun.
   *  @param kind absent: as it was begun */
  startAdding(kind = this.#kindBegun): void {
    const before = this.adding;
    const name = before && before.kind !== kind ? this.#typed.of({ kind: before.kind })?.['name'] : undefined;
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
    if (this.adding) this.putAway++;
    this.#forgetForm();
    this.adding = undefined;
    this.#insisted = undefined;
    this.#forgetProblem();
  }

  /** The operator wants the bridge as it is: from now on fields that nobody has been at ask for their repair too. */
  insist(): void {
    this.#insisted = this.adding ?? this.bridge;
  }

  /** Adds the new bridge, or applies what was typed. Nothing happens while a field wants a repair. */
  async submit(): Promise<void> {
    const bridge = this.check?.bridge;
    if (!bridge || (!this.adding && !this.changed)) return;
    if (this.adding) return this.#add(bridge, { kind: bridge.kind });
    const form = { bridge };
    const typed = this.#typed.of(form);
    const select = this.#later();
    const outcome = await this.edits.make(applyTyped(bridge, typed), form, () => {
      this.#typed.forgetApplied(form, typed);
      select(bridge.id);
    });
    if (outcome === 'unanswered') this.#unanswered.add(bridge.id);
  }

  async #add(bridge: Bridge, form: FormKey): Promise<void> {
    const typed = this.#typed.of(form);
    await this.edits.make(addBridge(bridge), form, () => {
      this.#typed.forgetApplied(form, typed);
      if (this.adding?.id !== bridge.id) return;
      const since = this.#typed.of(form);
      this.#forgetNew();
      if (since) this.#typed.put({ bridge }, since, draftOfBridge(bridge));
      this.select(bridge.id);
    });
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
    for (const kind of bridgeKinds) this.#typed.forget({ kind });
    this.adding = undefined;
  }

  #forgetProblem(): void {
    if (this.#form) this.#requests.forget(this.#key(this.#form));
  }

  #key(form: FormKey): string {
    return this.#typed.keyOf(form);
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
}
