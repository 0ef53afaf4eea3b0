import type { DiscoveryMode } from '../../src-main/contract/discovery.ts';
import type { EditedEvent } from '../../src-main/contract/engine-api.ts';
import { messageOf } from '../../src-main/contract/errors.ts';
import type { ShellApi } from '../../src-main/contract/shell-api.ts';
import type { Bridge } from '../../src-main/contract/show.ts';
import type { EngineState } from '../engine/engine-state.svelte.ts';
import { isolated } from '../widgets/isolate.ts';
import type { MessageBoard } from '../widgets/messages.svelte.ts';
import type { DevicesState } from './devices-state.svelte.ts';

interface FoundStateOptions {
  readonly engine: EngineState;
  readonly messages: MessageBoard;
  readonly devices: DevicesState;
  /** has the system open a page; undefined in a browser, which opens it itself */
  readonly openExternal: ShellApi['openExternal'] | undefined;
}

/** What is asked of the engine from the list of found things, and why it was refused. */
export class FoundState {
  cursor = $state<string | undefined>();
  /** the keys of things that are being connected, `mode` or `look` */
  busy = $state.raw<readonly string[]>([]);
  /** why the last press was refused, by the same */
  refusals = $state.raw<Readonly<Record<string, string>>>({});
  readonly #options: FoundStateOptions;

  constructor(options: FoundStateOptions) {
    this.#options = options;
  }

  async setMode(mode: DiscoveryMode): Promise<void> {
    await this.#press('mode', () => this.#options.engine.api.setDiscovery({ mode }));
  }

  async look(): Promise<void> {
    await this.#press('look', () => this.#options.engine.api.lookAgain());
  }

  /** whether the system is asked to open pages */
  get opens(): boolean {
    return this.#options.openExternal !== undefined;
  }

  /** Has the system open a page of what was found. */
  async openPage(key: string, url: string): Promise<void> {
    await this.#press(key, async () => {
      const isOpen = await this.#options.openExternal?.(url);
      if (isOpen !== true) throw new Error(`No browser of this machine opens ${url}`);
    });
  }

  /** Adds the bridge that a thing offers.
   *  @returns the bridge, or undefined when it was refused */
  async connect(key: string): Promise<Bridge | undefined> {
    const { engine, messages, devices } = this.#options;
    let bridge: Bridge | undefined;
    const seen: EditedEvent[] = [];
    await this.#press(key, async () => {
      // The edit is told before the command is answered.
      const cancel = engine.api.on('edited', (event) => seen.push(event));
      try {
        const { revision } = await engine.api.connectFound({ key });
        bridge = bridgeIn(seen.find((event) => event.revision === revision));
      } finally {
        cancel();
      }
    });
    if (!bridge) return undefined;
    const added = bridge;
    messages.good(`${isolated(added.name)} is added`, {
      consequence: added.enabled ? undefined : 'It is switched off until its rope lock is turned.',
      action: { label: 'Undo', run: () => void devices.edits.remove(added), isUndo: true },
    });
    return added;
  }

  async #press(key: string, run: () => Promise<unknown>): Promise<void> {
    if (this.busy.includes(key)) return;
    const { [key]: _said, ...others } = this.refusals;
    this.refusals = others;
    this.busy = [...this.busy, key];
    try {
      await run();
    } catch (error) {
      this.refusals = { ...this.refusals, [key]: messageOf(error) };
    } finally {
      this.busy = this.busy.filter((other) => other !== key);
    }
  }
}

function bridgeIn(event: EditedEvent | undefined): Bridge | undefined {
  for (const step of event?.edit.steps ?? []) {
    if (step.do === 'put' && step.list === 'bridges') return step.item;
  }
  return undefined;
}
