/** What a menu entry does that the page has a key for as well.
 *
 *  On Linux and Windows such keys are shown in the menu and left to the page. macOS offers each key to the page first and
 *  to the menu when the page let it go: because the focus is in a text field, whose own undo is meant, or because the
 *  page refuses it just now. Chosen with the mouse, or while no window is there to hear the key, the entry is meant.
 *  @param byKey the entry's key was pressed
 *  @param focused a window of ours had the key before */
export function menuAction(entry: string, { byKey, focused }: { byKey: boolean; focused: boolean }): MenuAction {
  if (!byKey || !focused) return 'tell-page';
  return entry === 'undo' || entry === 'redo' ? 'edit-field' : 'nothing';
}

export type MenuAction = 'tell-page' | 'edit-field' | 'nothing';
