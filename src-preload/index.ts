import { contextBridge, ipcRenderer } from 'electron';
import type { MessageLink } from '../src-main/contract/message-link.ts';
import type { ShellApi, ShellCommand } from '../src-main/contract/shell-api.ts';
import { channels } from '../src-main/contract/shell-channels.ts';

/** Messages kept on either side while the other is not there yet; more are dropped. A page that lost its engine takes a
 *  fresh snapshot anyway. */
const waitingMax = 1024;

contextBridge.exposeInMainWorld('flyrail', Object.freeze({ link: createLink(), shell: createShell() }));

/** One link for the life of the page. It closes when the engine's process ends and carries messages again when the shell
 *  hands over a new port; what was sent in between waits for it. */
function createLink(): MessageLink {
  let port: MessagePort | undefined;
  let listener: ((message: unknown) => void) | undefined;
  const incoming: unknown[] = [];
  const outgoing: unknown[] = [];
  const closers = new Set<() => void>();
  ipcRenderer.on(channels.port, ({ ports: [next] }) => {
    if (!next) return;
    close();
    port = next;
    next.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (listener) listener(data);
      else keep(incoming, data);
    };
    next.addEventListener('close', () => {
      if (port === next) close();
    });
    for (const message of outgoing.splice(0)) next.postMessage(message);
  });
  return Object.freeze({
    send: (message: unknown) => {
      if (port) port.postMessage(message);
      else keep(outgoing, message);
    },
    onMessage: (run: (message: unknown) => void) => {
      listener = run;
      for (const message of incoming.splice(0)) run(message);
      return () => {
        if (listener === run) listener = undefined;
      };
    },
    onClose: (run: () => void) => {
      closers.add(run);
      return () => closers.delete(run);
    },
    close,
  });

  function close(): void {
    if (!port) return;
    port.close();
    port = undefined;
    // Whoever listened was talking to the engine that is gone.
    listener = undefined;
    incoming.length = 0;
    const run = [...closers];
    closers.clear();
    for (const each of run) each();
  }
}

function keep(queue: unknown[], message: unknown): void {
  if (queue.length < waitingMax) queue.push(message);
}

function createShell(): ShellApi {
  return Object.freeze({
    platform: process.platform as ShellApi['platform'],
    pickShowToOpen: () => ipcRenderer.invoke(channels.pickShowToOpen) as Promise<string | undefined>,
    pickShowToSave: (suggested: string) =>
      ipcRenderer.invoke(channels.pickShowToSave, suggested) as Promise<string | undefined>,
    openExternal: (url: string) => ipcRenderer.invoke(channels.openExternal, url) as Promise<boolean>,
    onCommand: (run: (command: ShellCommand) => void) => {
      const hear = (_event: unknown, command: ShellCommand): void => {
        run(command);
      };
      ipcRenderer.on(channels.command, hear);
      return () => ipcRenderer.off(channels.command, hear);
    },
    onSettle: (run: (withinMs: number) => Promise<readonly string[]>) => {
      const hear = ({ ports: [answer] }: Electron.IpcRendererEvent, withinMs: number): void => {
        const settled = (lost: readonly string[] = []): void => answer?.postMessage(lost);
        run(withinMs).then(settled, () => {
          settled();
        });
      };
      ipcRenderer.on(channels.settle, hear);
      return () => ipcRenderer.off(channels.settle, hear);
    },
  });
}
