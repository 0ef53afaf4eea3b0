import { untrack } from 'svelte';
import type { NetworkCard } from '../../src-main/contract/device.ts';
import { messageOf } from '../../src-main/contract/errors.ts';
import type { Cancel } from '../../src-main/contract/message-link.ts';
import type { Bridge, BridgeKind } from '../../src-main/contract/show.ts';
import type { EngineState } from '../engine/engine-state.svelte.ts';
import { changeItem, type ShowChange } from '../engine/show-change.ts';
import { newId, ownOrFreeNumber } from '../engine/show-ids.ts';
import { addBridge, applyTyped, copyBridge, removeBridge } from './bridge-changes.ts';
import { draftOfBridge, newBridgeDraft, withChange, type BridgeDraft, type DraftChange } from './bridge-draft.ts';
import { checkBridgeDraft, type DraftCheck } from './check-bridge-draft.ts';
import { DeviceRates } from './device-rates.svelte.ts';
import type { DeviceTab } from './device-row.ts';
import { dependOn } from '../widgets/depend-on.ts';

/** Key of the changes to a bridge that is not in the show yet. */
const newKey = 'new';

/** What the Devices page is about: which device is looked at, and what was typed but not applied. Typed text stays with
 *  its device when another is looked at. */
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
  #changes = $state.raw<Readonly<Record<string, DraftChange>>>({});

  readonly #engine: EngineState;

  constructor(engine: EngineState) {
    this.#engine = engine;
  }

  readonly bridge: Bridge | undefined = $derived.by(() =>
    this.#engine.document.bridges.find((bridge) => bridge.id === this.selectedId),
  );
  /** the form: what is in the show or was offered, with what was typed on top */
  readonly draft: BridgeDraft | undefined = $derived.by(() => {
    const base = this.adding ? this.#renumbered(this.adding) : this.bridge && draftOfBridge(this.bridge);
    return base && withChange(base, this.#changes[this.#key]);
  });
  readonly check: DraftCheck | undefined = $derived(this.draft && checkBridgeDraft(this.draft));
  readonly changed: boolean = $derived.by(() => this.isChanged(this.#key));

  /** Follows the rates for as long as the page lives. */
  follow(): Cancel {
    return $effect.root(() => {
      $effect(() => {
        dependOn(this.#engine.stats);
        untrack(() => this.rates.add(this.#engine.devices));
      });
    });
  }

  isChanged(bridgeId: string): boolean {
    return this.#changes[bridgeId] !== undefined;
  }

  select(bridgeId: string | undefined): void {
    this.selectedId = bridgeId;
    this.adding = undefined;
    this.problem = '';
  }

  startAdding(kind: BridgeKind): void {
    const name = this.adding && this.#changes[newKey]?.name;
    this.#forget(newKey);
    this.adding = newBridgeDraft(kind, this.#engine.document.bridges, newId);
    if (name !== undefined) this.change({ name });
    this.problem = '';
    void this.readCards();
  }

  /** One field was typed in. A text that is back at what it was is no change. */
  change(change: DraftChange): void {
    const base = this.adding ?? (this.bridge && draftOfBridge(this.bridge));
    if (!base) return;
    const all = Object.entries({ ...this.#changes[this.#key], ...change });
    const kept = all.filter(([field, value]) => base[field as keyof typeof base] !== value);
    this.#forget(this.#key);
    if (kept.length > 0) this.#changes = { ...this.#changes, [this.#key]: Object.fromEntries(kept) };
    this.problem = '';
  }

  /** Takes back what was typed; a bridge that is being added is not added. */
  revert(): void {
    this.#forget(this.#key);
    this.adding = undefined;
    this.problem = '';
  }

  /** Adds the new bridge, or applies what was typed. Nothing happens while a field wants a repair. */
  async submit(): Promise<void> {
    const bridge = this.check?.bridge;
    if (!bridge || (!this.adding && !this.changed)) return;
    const key = this.#key;
    const change = this.adding ? addBridge(bridge) : applyTyped(bridge, this.#changes[key]);
    await this.#edit(change, () => {
      this.#forget(key);
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
    return this.#edit(removeBridge(bridge), () => {
      this.#forget(bridge.id);
      this.select(next?.id);
    });
  }

  /** An edit of its own: by now an undo might take back something else. */
  async putBack(bridge: Bridge, at: number): Promise<boolean> {
    return this.#edit(addBridge(bridge, at), () => this.select(bridge.id));
  }

  async duplicate(bridge: Bridge): Promise<void> {
    const copyId = newId();
    await this.#edit(copyBridge(bridge, copyId), () => this.select(copyId));
  }

  async readCards(): Promise<void> {
    try {
      this.cards = await this.#engine.api.listNetworkCards();
    } catch {
      // The choice falls back to what the show names and "the system chooses"; nothing is lost.
      this.cards = [];
    }
  }

  get #key(): string {
    return this.adding ? newKey : (this.selectedId ?? '');
  }

  #forget(key: string): void {
    const { [key]: _gone, ...rest } = this.#changes;
    this.#changes = rest;
  }

  #renumbered(draft: BridgeDraft): BridgeDraft {
    return { ...draft, number: ownOrFreeNumber(this.#engine.document.bridges, draft) };
  }

  async #edit(change: ShowChange, then?: () => void): Promise<boolean> {
    this.busy = true;
    this.problem = '';
    try {
      await this.#engine.change(change);
      then?.();
      return true;
    } catch (error) {
      this.problem = messageOf(error);
      return false;
    } finally {
      this.busy = false;
    }
  }
}
