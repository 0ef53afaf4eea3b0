const order = ['top', 'nav', 'rail', 'centre', 'inspector', 'monitor'] as const;
const focusable =
  'button:not(:disabled):not([tabindex="-1"]), input:not(:disabled), select:not(:disabled), textarea:not(:disabled), a[href], [tabindex="0"]';

/** F6: focus goes to the next region that is shown and holds something to focus; Shift F6 back.
 *  Inside a region the row or control that would get focus by Tab gets it. */
export function stepRegion(page: Document, direction: 1 | -1): void {
  const regions = order.flatMap((name) => {
    const region = page.querySelector<HTMLElement>(`[data-region="${name}"]`);
    return region && entryOf(region) ? [region] : [];
  });
  const here = regions.findIndex((region) => region.contains(page.activeElement));
  const start = here < 0 && direction === -1 ? 0 : here;
  const next = regions[(start + direction + regions.length) % regions.length];
  if (next) entryOf(next)?.focus();
}

/** Where a key led is said by the heading of the area, and Tab goes on from there; who is in the area already stays. */
export function focusArea(page: Document): void {
  if (page.activeElement?.closest('[data-region="centre"], [data-region="inspector"]')) return;
  page.querySelector<HTMLElement>('[data-region="centre"] h1')?.focus();
}

/** The row that has the tab stop of a grid comes before the controls around it. */
function entryOf(region: HTMLElement): HTMLElement | undefined {
  const stop = region.querySelector<HTMLElement>('[role="row"][tabindex="0"]');
  const all = stop ? [stop] : [...region.querySelectorAll<HTMLElement>(focusable)];
  return all.find((element) => element.offsetParent !== null || element.getClientRects().length > 0);
}
