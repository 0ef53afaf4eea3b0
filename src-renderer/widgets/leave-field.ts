import type { Attachment } from 'svelte/attachments';

/** For the input of a field that does something when it is left. A browser also tells an input that it is left when the
 *  page moves it, because another window changed an order: then nobody left it, and it gets its cursor back. One that
 *  is taken out of the page hands on its text at its end, not here. */
export function leaves(onleave: () => void): Attachment<HTMLInputElement> {
  return (input) => {
    const onblur = ({ relatedTarget }: FocusEvent): void => {
      // Only who leaves a field goes to another.
      if (relatedTarget) onleave();
      else afterMoves(input, onleave);
    };
    input.addEventListener('blur', onblur);
    return () => input.removeEventListener('blur', onblur);
  };
}

/** The blur comes before the move, in the same turn. */
function afterMoves(input: HTMLInputElement, onleave: () => void): void {
  const { selectionStart, selectionEnd, selectionDirection } = input;
  let moved = false;
  const note = (records: readonly MutationRecord[]): void => {
    moved ||= records.some(({ removedNodes }) => [...removedNodes].some((node) => node.contains(input)));
  };
  const watcher = new MutationObserver(note);
  watcher.observe(document, { childList: true, subtree: true });
  queueMicrotask(() => {
    note(watcher.takeRecords());
    watcher.disconnect();
    if (!moved) onleave();
    else if (input.isConnected && [document.body, input].includes(document.activeElement as HTMLElement)) {
      input.focus({ preventScroll: true });
      input.setSelectionRange(selectionStart, selectionEnd, selectionDirection ?? undefined);
    }
  });
}
