import type { Attachment } from 'svelte/attachments';

const settle = 'flyrail-settle';

/** Tells the field that has focus to hand on what stands in it, and leaves the cursor there: what is asked for next, a
 *  save or an undo, is about the show as it is seen. */
export function settleField(page: Document): void {
  page.activeElement?.dispatchEvent(new Event(settle));
}

/** The same for every field of a page that goes.
 *  @returns the fields whose text will not do, and goes with them */
export function settleFields(page: Document): HTMLInputElement[] {
  const fields = [...page.querySelectorAll<HTMLInputElement>('input[data-settled="false"]')];
  // A text that will do is handed on by now; whether one will do stands at its field since it was typed.
  for (const field of fields) field.dispatchEvent(new Event(settle));
  return fields.filter((field) => field.getAttribute('aria-invalid') === 'true');
}

/** For the input of a field that keeps a text back until it is left. */
export function settles(commit: () => void): Attachment<HTMLElement> {
  return (input) => {
    input.addEventListener(settle, commit);
    return () => input.removeEventListener(settle, commit);
  };
}
