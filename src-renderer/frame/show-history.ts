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
export function showHistory(commands: HistoryCommands, messages: Pick<MessageBoard, 'good' | 'fault'>): ShowHistory {
  const history: ShowHistory = {
    undo: async () => {
      const receipt = await commands.undo();
      const action = { label: 'Redo', run: () => void history.redo() };
      if (receipt) messages.good(`Undone: ${receipt.show.redoLabel}`, { action });
      else sayRefusal();
    },
    redo: async () => {
      const receipt = await commands.redo();
      const action = { label: 'Undo', run: () => void history.undo() };
      if (receipt) messages.good(`Done again: ${receipt.show.undoLabel}`, { action });
      else sayRefusal();
    },
  };
  return history;

  function sayRefusal(): void {
    const problem = commands.problemOf('history');
    if (problem !== undefined) messages.fault(problem);
  }
}
