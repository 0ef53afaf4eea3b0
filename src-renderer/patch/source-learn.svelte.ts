import { untrack } from 'svelte';
import type { Mapping } from '../../src-main/contract/show.ts';
import type { EngineState } from '../engine/engine-state.svelte.ts';
import type { MessageBoard } from '../widgets/messages.svelte.ts';
import { LearnSession } from './learn-session.svelte.ts';
import type { ChangeWords, MappingChanges, Turn } from './mapping-changes.svelte.ts';

/** What learn needs of the page it is on. */
export interface LearnPage {
  /** what the inspector shows */
  readonly inspected: Mapping | undefined;
  readonly changes: Pick<MappingChanges, 'attempt' | 'sayGone'>;
  mappingOf(id: string): Mapping | undefined;
  /** whether this operator took it away */
  isGivenUp(id: string): boolean;
  begin(): void;
  change(turn: Turn<Mapping>, words: ChangeWords): Promise<void>;
}

export interface SourceLearnOptions {
  readonly engine: EngineState;
  readonly messages: MessageBoard;
  readonly page: LearnPage;
}

/** Learns the source of one mapping. What is picked goes to the mapping that is named while it listens, and to no other. */
export class SourceLearn {
  readonly session = new LearnSession();
  readonly #options: SourceLearnOptions;
  /** what is heard for, as it was last seen, and in which show */
  #last: { readonly mapping: Mapping; readonly showTurn: number } | undefined;

  constructor(options: SourceLearnOptions) {
    this.#options = options;
  }

  /** What is heard for; undefined while nobody listens. */
  get mapping(): Mapping | undefined {
    const { target } = this.session;
    return target === undefined ? undefined : this.#options.page.mappingOf(target);
  }

  /** Hears for what the inspector shows, else for a mapping that is begun now. */
  async start(): Promise<void> {
    const { engine, messages, page } = this.#options;
    if (!page.inspected) page.begin();
    const mapping = page.inspected;
    if (!mapping) return;
    this.#last = { mapping, showTurn: engine.showTurn };
    await page.changes.attempt(mapping.id, () => this.session.start(engine.api, mapping.id));
    if (this.session.problem !== '') messages.fault('Cannot listen.', new Error(this.session.problem));
  }

  async stop(): Promise<void> {
    const { target } = this.session;
    if (target === undefined) return;
    await this.#options.page.changes.attempt(target, () => this.session.stop(this.#options.engine.api));
  }

  /** Takes what was heard as the source, and listens no longer. */
  async pick(address: string): Promise<void> {
    const before = this.mapping;
    const stopped = this.stop();
    if (before) {
      const after = { ...before, source: { pattern: address } };
      await this.#options.page.change({ before, after }, { what: 'source' });
    }
    await stopped;
  }

  /** For an effect: ends it, with a word, as soon as the inspector shows something else or its mapping is gone. */
  watch(): void {
    const { engine, page } = this.#options;
    const { mapping } = this;
    const { showTurn } = engine;
    const shown = page.inspected;
    untrack(() => {
      const last = this.#last;
      if (!this.session.listening || !last) return;
      if (mapping && mapping.id === shown?.id && showTurn === last.showTurn) {
        this.#last = { mapping, showTurn };
        return;
      }
      void this.stop();
      if (showTurn !== last.showTurn) this.#sayAnotherShow();
      else if (mapping || page.isGivenUp(last.mapping.id)) this.#sayElsewhere(last.mapping, shown);
      else page.changes.sayGone(last.mapping, 'Learn for it has ended.');
    });
  }

  #sayAnotherShow(): void {
    this.#options.messages.fault('Learn has ended: another show is on the table.', 'Nothing was changed in it.');
  }

  #sayElsewhere({ number }: Mapping, shown: Mapping | undefined): void {
    const consequence = shown ? `The inspector shows set ${shown.number} now; L listens for it.` : 'L listens again.';
    this.#options.messages.good(`Learn for set ${number} has ended`, { consequence });
  }
}
