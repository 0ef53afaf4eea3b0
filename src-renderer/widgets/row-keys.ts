/** Where a key takes the cursor of a table.
 *  @param at the row it is on, -1 for none; rows in all; rows in view
 *  @returns a row that exists, or undefined when the key is no such key or the table is empty */
export function rowAfter(
  key: string,
  at: { readonly cursor: number; readonly count: number; readonly page: number },
): number | undefined {
  const target = targetOf(key, at);
  if (target === undefined || at.count === 0) return undefined;
  return Math.min(at.count - 1, Math.max(0, target));
}

function targetOf(key: string, at: { cursor: number; count: number; page: number }): number | undefined {
  switch (key) {
    case 'ArrowDown':
      return at.cursor + 1;
    case 'ArrowUp':
      return at.cursor - 1;
    case 'Home':
      return 0;
    case 'End':
      return at.count - 1;
    case 'PageDown':
      return at.cursor + at.page;
    case 'PageUp':
      return at.cursor - at.page;
    default:
      return undefined;
  }
}

/** The row that something in a table stands in. */
export function rowIdOf(target: EventTarget | null): string | undefined {
  return target instanceof Element ? target.closest<HTMLElement>('[data-row]')?.dataset['row'] : undefined;
}

/** @returns the row of a table, while it is drawn */
export function rowElement(table: HTMLElement | undefined, id: string): HTMLElement | null {
  return table?.querySelector<HTMLElement>(`[data-row="${CSS.escape(id)}"]`) ?? null;
}
