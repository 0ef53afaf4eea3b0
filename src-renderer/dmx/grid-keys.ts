/** Where a key takes the cursor in a grid of slots.
 *  @param slot 1..512, where it is
 *  @returns undefined for any other key */
export function slotAfter(key: string, slot: number, columns: number): number | undefined {
  const to = targetOf(key, slot, columns);
  return to === undefined ? undefined : Math.min(512, Math.max(1, to));
}

function targetOf(key: string, slot: number, columns: number): number | undefined {
  switch (key) {
    case 'ArrowRight':
      return slot + 1;
    case 'ArrowLeft':
      return slot - 1;
    case 'ArrowDown':
      return slot + columns <= 512 ? slot + columns : slot;
    case 'ArrowUp':
      return slot - columns >= 1 ? slot - columns : slot;
    case 'PageDown':
      return slot + columns * 4;
    case 'PageUp':
      return slot - columns * 4;
    case 'Home':
      return 1;
    case 'End':
      return 512;
    default:
      return undefined;
  }
}

/** How many columns of slots a grid of this width has: 32 where there is room, so that rows are as on a desk. */
export function columnsFor(widthPx: number): number {
  if (widthPx >= 800) return 32;
  return widthPx >= 560 ? 16 : 8;
}
