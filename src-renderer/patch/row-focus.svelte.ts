import { tick } from 'svelte';
import { rowElement, rowIdOf } from '../widgets/row-keys.ts';

export interface RowFocusOptions {
  /** the whole table, which hears the keys until a row is drawn */
  readonly table: () => HTMLElement | undefined;
  /** counts up with each show on the table */
  readonly showTurn: () => number;
  /** whether the table has a row of this id, drawn or not */
  readonly has: (id: string) => boolean;
}

/** Keeps the focus at its row of a table that draws only the rows in view. */
export class RowFocus {
  readonly #options: RowFocusOptions;
  /** the row that gets the focus as soon as it is drawn */
  #awaited = $state<string | undefined>();
  #focused: string | undefined;
  #focusedTurn = 0;

  constructor(options: RowFocusOptions) {
    this.#options = options;
  }

  /** To this row; until it is drawn the table itself hears the keys. */
  give(id: string): void {
    (this.#drawn(id) ?? this.#options.table())?.focus({ preventScroll: true });
    this.#awaited = id;
  }

  /** Inside an effect that runs when other rows are drawn. */
  giveDrawn(): void {
    if (this.#awaited === undefined) return;
    // Who went elsewhere meanwhile stays there.
    const focused = document.activeElement;
    const isHere = focused === document.body || this.#options.table()?.contains(focused);
    const row = isHere ? this.#drawn(this.#awaited) : null;
    row?.focus({ preventScroll: true });
    if (row || !isHere) this.#awaited = undefined;
  }

  /** Something in the table got the focus. */
  note(target: EventTarget | null): void {
    if (target === this.#options.table() || !(target instanceof HTMLElement)) return;
    this.#awaited = undefined;
    this.#focused = rowIdOf(target);
    this.#focusedTurn = this.#options.showTurn();
  }

  /** A row that changes its place among the others is taken out of the page and put back, which costs it the focus. It
   *  gets it again, unless the operator went elsewhere, or the row or its show is gone: its keys must not reach
   *  another. */
  async keep(): Promise<void> {
    const { table, showTurn, has } = this.#options;
    const focused = document.activeElement;
    const id = this.#focused;
    const whole = table();
    if (!(focused instanceof HTMLElement) || focused === whole || !whole?.contains(focused)) return;
    await tick();
    if (document.activeElement !== document.body || this.#focusedTurn !== showTurn()) return;
    if (focused.isConnected) focused.focus({ preventScroll: true });
    else if (id !== undefined && has(id)) {
      whole.focus({ preventScroll: true });
      this.#awaited = id;
    }
  }

  #drawn(id: string): HTMLElement | null {
    return rowElement(this.#options.table(), id);
  }
}
