/** The field of the inspector with this label. @param nth of those that have it, counted from 0 */
export function labelled(page: HTMLElement, label: string, nth = 0): HTMLInputElement {
  const labels = [...page.querySelectorAll('[data-region="inspector"] label')];
  const id = labels.filter((one) => one.textContent === label)[nth]?.getAttribute('for') ?? '';
  const found = document.getElementById(id);
  if (!found) throw new Error(`There is no field ${label}.`);
  return found as HTMLInputElement;
}

/** A button, by what is spoken or written on it. */
export function button(page: HTMLElement, words: string): HTMLButtonElement {
  const found = [...page.querySelectorAll('button')].find((one) =>
    [one.getAttribute('aria-label'), one.textContent.trim()].includes(words),
  );
  if (!found) throw new Error(`There is no button ${words}.`);
  return found;
}
