import type { Attachment } from 'svelte/attachments';

const settle = 'flyrail-settle';

/** Tells the field that has focus to hand on what stands in it, and leaves the cursor there: what is asked for next, a
 *  save or an undo, is about the show as it is seen. */
export function settleField(page: Document): void {
  page.activeElement?.dispatchEvent(new Event(settle));
}

/** For the input of a field that keeps a text back until it is left. */
export function settles(commit: () => void): Attachment<HTMLElement> {
  return (input) => {
    input.addEventListener(settle, commit);
    return () => input.removeEventListener(settle, commit);
  };
}
