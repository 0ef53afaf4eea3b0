/** For an answer that comes late: whether the focus is still where it is now, or was lost with what had it. */
export function noteFocus(): () => boolean {
  const then = document.activeElement;
  return () => [then, document.body, null].includes(document.activeElement);
}
