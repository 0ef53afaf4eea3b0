import type { Bridge, BridgeKind } from '../../src-main/contract/show.ts';
import type { EngineState } from '../engine/engine-state.svelte.ts';
import { isSame } from '../engine/is-same.ts';
import { isolated } from '../widgets/isolate.ts';
import type { MessageBoard } from '../widgets/messages.svelte.ts';
import { draftOfBridge, type BridgeDraft, type DraftChange } from './bridge-draft.ts';
import { describeTyped } from './typed-words.ts';

/** Whose form it is: a device's, or that of a new bridge of this kind. */
export type FormKey = { readonly bridge: Bridge } | { readonly kind: BridgeKind };

interface Typed {
  readonly change: DraftChange;
  /** undefined for a new bridge, whose form goes on with whatever show is on the table */
  readonly device: { readonly id: string; readonly name: string; readonly showTurn: number } | undefined;
  readonly kind: BridgeKind;
}

/** What was typed into the forms of devices and is in no show yet. It belongs to a device of the show that was on the
 *  table: a device of another show never gets it, and what has lost its device is said. */
export class TypedChanges {
  #all = $state.raw<Readonly<Record<string, Typed>>>({});
  readonly #engine: EngineState;
  readonly #messages: MessageBoard;
  /** keys of devices that were taken out by a press in this window, whose texts nobody misses */
  readonly #takenOut = new Set<string>();
  /** what the corner says of each device that is gone, by its key; undefined where that is no news */
  readonly #said = new Map<string, number | undefined>();

  constructor(engine: EngineState, messages: MessageBoard) {
    this.#engine = engine;
    this.#messages = messages;
  }

  of(form: FormKey): DraftChange | undefined {
    return this.#all[this.keyOf(form)]?.change;
  }

  /** the same for as long as this show is on the table */
  keyOf(form: FormKey): string {
    return 'kind' in form ? `new/${form.kind}` : this.#deviceKey(form.bridge.id);
  }

  /** Keeps what differs from the form as it is without it: a text that is back at what it was is no change. */
  put(form: FormKey, change: DraftChange, base: BridgeDraft): void {
    this.#keep(form, change, base.texts);
  }

  /** Forgets what is in the show by now; what was typed since then stays. */
  forgetApplied(form: FormKey, applied: DraftChange | undefined): void {
    this.#keep(form, this.of(form) ?? {}, applied ?? {});
  }

  /** Forgets what the engine made although it could not say so: an undo must not bring it back as not applied. */
  forgetMade(bridgeId: string | undefined): void {
    const bridge = this.#engine.document.bridges.find(({ id }) => id === bridgeId);
    if (bridge) this.#keep({ bridge }, this.of({ bridge }) ?? {}, draftOfBridge(bridge).texts);
  }

  forget(form: FormKey): void {
    this.#drop(this.keyOf(form));
  }

  /** Whether the device is not as its form says. */
  isChanged(bridge: Bridge): boolean {
    const typed = this.of({ bridge });
    if (!typed) return false;
    const { texts } = draftOfBridge(bridge);
    return Object.entries(typed).some(([path, text]) => !isSame(texts[path], text));
  }

  /** What was typed for devices of the show and is not applied, in words. */
  get unapplied(): readonly string[] {
    return this.#engine.document.bridges
      .filter((bridge) => this.isChanged(bridge))
      .map((bridge) => `${describeTyped(bridge.kind, this.of({ bridge }) ?? {})} of ${isolated(bridge.name)}`);
  }

  /** @param out whether it is being taken out by a press in this window */
  noteTakenOut(bridgeId: string, out: boolean): void {
    const key = this.#deviceKey(bridgeId);
    if (out) this.#takenOut.add(key);
    else this.#takenOut.delete(key);
  }

  /** Says what has lost its device, until that is back. */
  sayLost(): void {
    const { document, showTurn } = this.#engine;
    const here = new Set(document.bridges.map(({ id }) => id));
    for (const [key, { change, device, kind }] of Object.entries(this.#all)) {
      if (!device) continue;
      if (device.showTurn !== showTurn) {
        this.#drop(key);
        this.#say(`${isolated(device.name)} stays as it is: another show is on the table.`, kind, change);
      } else if (here.has(device.id)) this.#takeBack(key);
      else if (!this.#said.has(key)) {
        const fact = `${isolated(device.name)} ${this.#whereTo(device.id)}.`;
        this.#said.set(key, this.#takenOut.has(key) ? undefined : this.#say(fact, kind, change));
      }
    }
  }

  #whereTo(bridgeId: string): string {
    const by = this.#engine.removedBy(bridgeId);
    if (by === 'elsewhere') return 'was deleted in another window';
    return by === 'here' ? 'was taken out in this window' : 'is not in the show any more';
  }

  #keep(form: FormKey, change: DraftChange, without: DraftChange): void {
    const kept = Object.entries(change).filter(([path, text]) => !isSame(without[path], text));
    this.forget(form);
    if (kept.length === 0) return;
    const { showTurn } = this.#engine;
    const device = 'bridge' in form ? { id: form.bridge.id, name: form.bridge.name, showTurn } : undefined;
    const kind = 'bridge' in form ? form.bridge.kind : form.kind;
    this.#all = { ...this.#all, [this.keyOf(form)]: { change: Object.fromEntries(kept), device, kind } };
  }

  #say(fact: string, kind: BridgeKind, change: DraftChange): number {
    return this.#messages.fault(fact, new Error(`Not applied: ${describeTyped(kind, change)}.`));
  }

  #takeBack(key: string): void {
    if (!this.#said.has(key)) return;
    const said = this.#said.get(key);
    this.#said.delete(key);
    this.#takenOut.delete(key);
    if (said !== undefined) this.#messages.dismiss(said);
  }

  #deviceKey(bridgeId: string): string {
    return `${this.#engine.showTurn}/${bridgeId}`;
  }

  #drop(key: string): void {
    const { [key]: _gone, ...rest } = this.#all;
    this.#all = rest;
  }
}
