import process from 'node:process';
import { toWireError } from '../contract/errors.ts';
import type { Cancel, MessageLink } from '../contract/message-link.ts';
import { messageToEngine, type MessageFromEngine } from '../contract/shell-messages.ts';
import { createPortLink, type Port } from '../platform/port-link.ts';
import type { Engine } from './create-engine.ts';

/** What Electron's utility process has as `process.parentPort`; described here because the engine never sees electron. */
interface ParentPort {
  on(event: 'message', run: (message: { readonly data: unknown; readonly ports: readonly Port[] }) => void): unknown;
  postMessage(message: MessageFromEngine): void;
}

interface HostedEngine {
  readonly engine: Pick<Engine, 'serve'>;
  /** where CLASP clients find it */
  readonly claspUrl: string;
  readonly requestStop: (reason: string) => void;
}

/** When a desktop shell started this process: serves every window it hands over, tells it that the engine is ready, and
 *  stops when it says so. Nothing happens in a plain Node process. Should the shell be killed, Chromium ends this process
 *  at once and with it every output. */
export function hostDesktop({ engine, claspUrl, requestStop }: HostedEngine): Cancel {
  const parent = parentPort();
  if (!parent) return () => undefined;
  const links = new Set<MessageLink>();
  parent.on('message', ({ data, ports: [port] }) => {
    const message = messageToEngine.safeParse(data).data;
    if (message?.type === 'stop') requestStop('the desktop shell ends');
    if (message?.type !== 'window' || !port) return;
    const link = createPortLink(port);
    links.add(link);
    link.onClose(() => links.delete(link));
    engine.serve(link, { paths: true, role: 'edit' });
  });
  parent.postMessage({ type: 'ready', claspUrl });
  return () => {
    for (const link of links) link.close();
  };
}

/** Tells a desktop shell why the engine does not start, so that a window can say it. Nothing in a plain Node process. */
export function refuseDesktop(error: unknown): void {
  parentPort()?.postMessage({ type: 'refused', error: toWireError(error) });
}

function parentPort(): ParentPort | undefined {
  return (process as { readonly parentPort?: ParentPort }).parentPort;
}
