import process from 'node:process';
import { type AppError, fromWireError, toWireError } from '../contract/errors.ts';
import type { Cancel, MessageLink } from '../contract/message-link.ts';
import { messageToEngine, type MessageFromEngine, type MessageToEngine } from '../contract/shell-messages.ts';
import { createPortLink, type Port } from '../platform/port-link.ts';
import type { SecretsKey } from '../ports/secrets.ts';
import type { Engine } from './create-engine.ts';

/** What Electron's utility process has as `process.parentPort`; described here because the engine never sees electron. */
export interface ParentPort {
  on(event: 'message', run: (message: { readonly data: unknown; readonly ports: readonly Port[] }) => void): unknown;
  postMessage(message: MessageFromEngine): void;
}

interface HostedEngine {
  readonly engine: Pick<Engine, 'serve'>;
  /** where CLASP clients find it */
  readonly claspUrl: string;
}

interface Asked {
  readonly answer: Promise<Uint8Array | undefined>;
  readonly resolve: (key: Uint8Array | undefined) => void;
  readonly reject: (error: AppError) => void;
}

type KeyAnswer = Extract<MessageToEngine, { type: 'secrets-key' | 'secrets-key-refused' }>;

/** The desktop shell that started this process. Should it be killed, Chromium ends this process at once and with it every
 *  output. */
export class DesktopHost {
  readonly #parent: ParentPort;
  readonly #links = new Set<MessageLink>();
  #engine: HostedEngine['engine'] | undefined;
  #asked: Asked | undefined;

  /** @param requestStop called when the shell says so */
  constructor(parent: ParentPort, requestStop: (reason: string) => void) {
    this.#parent = parent;
    parent.on('message', ({ data, ports: [port] }) => {
      const message = messageToEngine.safeParse(data).data;
      if (message?.type === 'stop') requestStop('the desktop shell ends');
      else if (message?.type === 'window') this.#onWindow(port);
      else if (message) this.#onKey(message);
    });
  }

  /** The key that the system's keyring keeps for the shell. Who asks while an answer is under way gets the same. */
  readonly secretsKey: SecretsKey = () => {
    if (this.#asked) return this.#asked.answer;
    this.#parent.postMessage({ type: 'want-secrets-key' });
    const asked: { resolve?: Asked['resolve']; reject?: Asked['reject'] } = {};
    const answer = new Promise<Uint8Array | undefined>((resolve, reject) => Object.assign(asked, { resolve, reject }));
    this.#asked = { ...(asked as Pick<Asked, 'resolve' | 'reject'>), answer };
    return answer;
  };

  /** Says that the engine is ready, and serves it to every window that the shell hands over. */
  host({ engine, claspUrl }: HostedEngine): Cancel {
    this.#engine = engine;
    this.#parent.postMessage({ type: 'ready', claspUrl });
    return () => {
      for (const link of this.#links) link.close();
    };
  }

  #onWindow(port: Port | undefined): void {
    if (!port || !this.#engine) return;
    const link = createPortLink(port);
    this.#links.add(link);
    link.onClose(() => this.#links.delete(link));
    this.#engine.serve(link, { paths: true, role: 'edit' });
  }

  #onKey(answer: KeyAnswer): void {
    const asked = this.#asked;
    this.#asked = undefined;
    if (answer.type === 'secrets-key-refused') asked?.reject(fromWireError(answer.error));
    else asked?.resolve(answer.key === null ? undefined : Buffer.from(answer.key, 'base64'));
  }
}

/** @returns undefined in a plain Node process */
export function findDesktop(requestStop: (reason: string) => void): DesktopHost | undefined {
  const parent = parentPort();
  return parent && new DesktopHost(parent, requestStop);
}

/** Tells a desktop shell why the engine does not start, so that a window can say it. Nothing in a plain Node process. */
export function refuseDesktop(error: unknown): void {
  parentPort()?.postMessage({ type: 'refused', error: toWireError(error) });
}

function parentPort(): ParentPort | undefined {
  return (process as { readonly parentPort?: ParentPort }).parentPort;
}
