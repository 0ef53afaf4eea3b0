import { temporaryDataPaths } from './temporary-folder.ts';

/** One data folder, and the stores that were opened on it one after the other, as by processes that crashed. */
export function diskBench<S extends { close(): Promise<void> }>(
  open: (paths: ReturnType<typeof temporaryDataPaths>) => S,
): { open(): S; dispose(): Promise<void> } {
  const paths = temporaryDataPaths();
  const opened: S[] = [];
  return {
    open: () => {
      const store = open(paths);
      opened.push(store);
      return store;
    },
    dispose: async () => {
      for (const store of opened) await store.close();
    },
  };
}
