import type { Log } from '../ports/log.ts';

/** What was opened, to be closed in the opposite order. */
export interface Closers {
  /** @returns closes it before its turn; it is then not closed again */
  add(close: () => unknown): () => Promise<void>;
  /** Closes all that is left, each once. */
  closeAll(): Promise<void>;
}

/** One that fails is logged and does not keep the others open, so closing never rejects. */
export function createClosers(log: Pick<Log, 'error'>): Closers {
  const closers = new Set<() => unknown>();
  return {
    add: (close) => {
      // A function of its own, so that the same one can be added twice.
      const mine = (): unknown => close();
      closers.add(mine);
      return () => closeOne(mine);
    },
    closeAll: async () => {
      for (const close of [...closers].toReversed()) await closeOne(close);
    },
  };

  async function closeOne(close: () => unknown): Promise<void> {
    if (!closers.delete(close)) return;
    try {
      await close();
    } catch (error) {
      log.error('did not close in order', { error });
    }
  }
}
