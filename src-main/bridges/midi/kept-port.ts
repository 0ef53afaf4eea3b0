import { messageOf } from '../../contract/errors.ts';
import type { OpenMidiInput, PortChoice } from './midi-ports.ts';
import { findPort } from './port-names.ts';

export interface KeptPortOptions<T extends OpenMidiInput> {
  /** the stable name, or that of a port of its own */
  readonly wanted: { readonly name: string } | { readonly virtual: string };
  readonly word: 'input' | 'output';
  readonly platform: string;
  readonly open: (port: PortChoice) => Promise<T>;
  /** It is there, for the first time or again. */
  readonly onAttached: () => void;
  readonly onLost: () => void;
}

/** One port through all its comings and goings: found by its name, opened when it is there, let go when it is not. */
export class KeptPort<T extends OpenMidiInput> {
  readonly #options: KeptPortOptions<T>;
  #open: T | undefined;
  /** the name of the system that it was opened by */
  #openName = '';
  #twins = 0;
  #hasTwin = false;
  #fault: string | undefined;

  constructor(options: KeptPortOptions<T>) {
    this.#options = options;
  }

  get current(): T | undefined {
    return this.#open;
  }

  get isAttached(): boolean {
    return this.#open !== undefined;
  }

  /** what is wrong, as a sentence; undefined while it is attached */
  get trouble(): string | undefined {
    if (this.#open) return undefined;
    const { wanted, word } = this.#options;
    if (this.#fault !== undefined) return this.#fault;
    return 'virtual' in wanted ? 'Its own port is not open yet.' : `The ${word} ${wanted.name} is not there.`;
  }

  /** what is worth a word while it works */
  get note(): string | undefined {
    if (!this.#open || !this.#hasTwin || 'virtual' in this.#options.wanted) return undefined;
    return `Another ${this.#options.word} has the name ${this.#options.wanted.name}: the order of the list tells them apart.`;
  }

  /** Compares with what is there. Never rejects. @param names in the order of the system */
  async look(names: readonly string[]): Promise<void> {
    const { wanted, platform } = this.#options;
    if ('virtual' in wanted) return this.#open ? undefined : this.#attach(wanted);
    if (this.#open && (count(names, this.#openName) < this.#twins || !this.#open.isConnected())) this.lose();
    const found = findPort(wanted.name, names, platform);
    this.#hasTwin = found?.hasTwin ?? false;
    if (this.#open) {
      this.#twins = count(names, this.#openName);
      return;
    }
    this.#fault = undefined;
    if (!found) return;
    this.#twins = count(names, found.name);
    this.#openName = found.name;
    await this.#attach(found);
  }

  /** It is not there any more, or does not take what it is given. */
  lose(fault?: string): void {
    this.#fault = fault;
    if (!this.#open) return;
    this.#closeQuietly();
    this.#options.onLost();
  }

  /** Ends without a word to anybody. */
  close(): void {
    if (this.#open) this.#closeQuietly();
  }

  async #attach(port: PortChoice): Promise<void> {
    try {
      this.#open = await this.#options.open(port);
    } catch (cause) {
      this.#fault = messageOf(cause);
      return;
    }
    this.#fault = undefined;
    this.#options.onAttached();
  }

  #closeQuietly(): void {
    const open = this.#open;
    this.#open = undefined;
    try {
      open?.close();
    } catch {
      // What is gone already cannot be closed.
    }
  }
}

function count(names: readonly string[], name: string): number {
  return names.filter((other) => other === name).length;
}
