import { createContext, untrack, type Component } from 'svelte';
import type { LucideProps } from '@lucide/svelte';
import type { Cancel } from '../../src-main/contract/message-link.ts';

/** One thing an operator can do, wherever it is offered: by key, in the palette, in the list of keys. */
export interface Action {
  readonly id: string;
  /** a verb and its object: `Add a mapping` */
  readonly label: string;
  /** the area or `Everywhere`, as the list of keys is sorted */
  readonly group: string;
  /** as tinykeys writes it: `n`, `$mod+KeyK`; several do the same */
  readonly keys?: readonly string[];
  /** as it is printed: `N`, `Ctrl K` */
  readonly keyLabel?: string;
  readonly icon?: Component<LucideProps>;
  /** also while a text field has focus; for chords only. `settled`: not while a text stands there that is not handed on
   *  yet, for the field has its own use for the chord */
  readonly inFields?: boolean | 'settled';
  /** shown in the list of keys, not in the palette (arrows, Escape) */
  readonly keyOnly?: boolean;
  /** why it cannot be done now, in words; undefined when it can */
  blocked?(): string | undefined;
  run(): void;
}

/** All actions of the page. Each area adds its own while it is shown. */
export class ActionList {
  all = $state.raw<readonly Action[]>([]);

  /** Call once when an area appears; the cancel takes them off again. */
  add(actions: readonly Action[]): Cancel {
    // Called from effects, which must not follow the list they add to.
    this.all = [...untrack(() => this.all), ...actions];
    return () => {
      this.all = untrack(() => this.all).filter((action) => !actions.includes(action));
    };
  }
}

export const [getActions, setActions] = createContext<ActionList>();
