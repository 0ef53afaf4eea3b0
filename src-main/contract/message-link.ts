export type Cancel = () => void;

/** An ordered, reliable pipe of structured-clonable messages between one client and the engine.
 *  Implementations: a MessagePort, a WebSocket, a memory pair. A message arrives whole or not at all. */
export interface MessageLink {
  /** Never throws; after close the message is dropped. */
  send(message: unknown): void;
  /** One listener at a time; messages that came before it are kept for it. */
  onMessage(run: (message: unknown) => void): Cancel;
  /** Runs once, also when the link had closed before. */
  onClose(run: () => void): Cancel;
  close(): void;
}

interface MemoryEnd extends MessageLink {
  deliver(message: unknown): void;
  shut(): void;
}

/** Two ends in one process; delivery is by microtask, so that no caller runs inside another's stack. */
export function createMemoryLinkPair(): [MessageLink, MessageLink] {
  const left = memoryEnd(() => right);
  const right = memoryEnd(() => left);
  return [left, right];
}

function memoryEnd(other: () => MemoryEnd): MemoryEnd {
  let listener: ((message: unknown) => void) | undefined;
  const waiting: unknown[] = [];
  const closers = new Set<() => void>();
  let open = true;
  return {
    send: (message) => {
      if (open) void Promise.resolve().then(() => other().deliver(message));
    },
    onMessage: (run) => {
      listener = run;
      for (const message of waiting.splice(0)) run(message);
      return () => {
        if (listener === run) listener = undefined;
      };
    },
    onClose: (run) => {
      if (!open) run();
      else closers.add(run);
      return () => closers.delete(run);
    },
    close: () => {
      if (!open) return;
      void Promise.resolve().then(() => other().shut());
      shut();
    },
    deliver: (message) => {
      if (!open) return;
      if (listener) listener(message);
      else waiting.push(message);
    },
    shut,
  };

  function shut(): void {
    if (!open) return;
    open = false;
    for (const run of closers) run();
    closers.clear();
  }
}
