import type { MessageLink } from '../contract/message-link.ts';

/** The part of Electron's MessagePortMain that a link stands on; named here because the engine never sees electron. */
export interface Port {
  on(event: 'message', run: (message: { readonly data: unknown }) => void): unknown;
  on(event: 'close', run: () => void): unknown;
  /** the port keeps what came before */
  start(): void;
  postMessage(message: unknown): void;
  close(): void;
}

/** One of Electron's ports as a MessageLink, in the shell and in the engine's process alike. */
export function createPortLink(port: Port): MessageLink {
  let open = true;
  let listener: ((message: unknown) => void) | undefined;
  const closers = new Set<() => void>();
  port.on('message', ({ data }) => listener?.(data));
  port.on('close', shut);
  return {
    send: (message) => {
      if (open) port.postMessage(message);
    },
    onMessage: (run) => {
      listener = run;
      port.start();
      return () => {
        if (listener === run) listener = undefined;
      };
    },
    onClose: (run) => {
      if (open) closers.add(run);
      else run();
      return () => closers.delete(run);
    },
    close: () => {
      if (!open) return;
      port.close();
      shut();
    },
  };

  function shut(): void {
    if (!open) return;
    open = false;
    for (const run of closers) run();
    closers.clear();
  }
}
