import type { EditReceipt } from '../../src-main/contract/engine-api.ts';
import type { MessageBoard } from '../widgets/messages.svelte.ts';

interface HistoryCommands {
  /** undefined when it was refused */
  undo(): Promise<EditReceipt | undefined>;
  redo(): Promise<EditReceipt | undefined>;
  problemOf(matter: 'history'): string | undefined;
}

export interface ShowHistory {
  undo(): Promise<void>;
  redo(): Promise<void>;
}

/** Undo and redo that say what they did, each with an offer of the other. What was done only the answer knows: edits
 *  that were still under way come before it. */
export function showHistory(commands: HistoryCommands, messages: MessageBoard): ShowHistory {
  const history: ShowHistory = {
    undo: async () => {
      const receipt = await commands.undo();
      if (receipt) say(`Undone: ${receipt.show.redoLabel}`, { label: 'Redo', run: () => void history.redo() });
      else sayRefusal();
    },
    redo: async () => {
      const receipt = await commands.redo();
      if (receipt) say(`Done again: ${receipt.show.undoLabel}`, { label: 'Undo', run: () => void history.undo() });
      else sayRefusal();
    },
  };
  return history;

  function say(fact: string, offer: { readonly label: string; readonly run: () => void }): void {
    messages.forgetUndos();
    messages.good(fact, { action: { ...offer, isUndo: true } });
  }

  function sayRefusal(): void {
    const problem = commands.problemOf('history');
    if (problem !== undefined) messages.fault(problem);
  }
}
