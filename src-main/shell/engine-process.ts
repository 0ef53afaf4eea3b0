import { MessageChannelMain, utilityProcess, type MessagePortMain, type UtilityProcess } from 'electron';
import type { EngineApi } from '../contract/engine-api.ts';
import { type AppError, BugError, fromWireError, toWireError } from '../contract/errors.ts';
import { connectEngine } from '../contract/rpc.ts';
import { messageFromEngine, type MessageToEngine } from '../contract/shell-messages.ts';
import { createPortLink } from '../platform/port-link.ts';
import { createRestartDelay } from './restart-delay.ts';

interface EngineProcessOptions {
  readonly entry: string;
  /** the command line; `again` after it ran once, with the port it had: it then goes on with what is on its table */
  readonly args: (again: { readonly claspPort: number } | undefined) => readonly string[];
  readonly onPort: (port: MessagePortMain) => void;
  /** what secrets are sealed with: 32 bytes in base64; null where the system keeps no keys */
  readonly secretsKey: () => Promise<string | null>;
  readonly onState: (state: 'running' | 'restarting', reason: string) => void;
  /** It does not come up; `start` tries again. */
  readonly onRefused: (error: AppError) => void;
}

/** So many unexpected ends before it ever ran are told as a refusal. */
const firstTriesMax = 3;

/** The engine in a process of its own: started, started again when it dies, and ended in order. */
export class EngineProcess {
  readonly #options: EngineProcessOptions;
  #child: UtilityProcess | undefined;
  #ready = false;
  #again: { readonly claspPort: number } | undefined;
  #stopping = false;
  #pageWants = false;
  #restart: NodeJS.Timeout | undefined;
  #delay = createRestartDelay();

  constructor(options: EngineProcessOptions) {
    this.#options = options;
  }

  start(): void {
    this.#delay = createRestartDelay();
    this.#fork();
  }

  /** Ends it in order, by force when it takes longer. Nothing starts again afterwards. */
  async stop(withinMs: number): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#restart);
    const ending = this.#child;
    if (!ending) return;
    const gone = new Promise<void>((resolve) => {
      ending.once('exit', () => {
        resolve();
      });
    });
    tell(ending, { type: 'stop' });
    // SIGTERM, which `kill()` sends, would only ask once more for what it does not do.
    const force = setTimeout(() => {
      if (ending.pid !== undefined) process.kill(ending.pid, 'SIGKILL');
    }, withinMs);
    await gone;
    clearTimeout(force);
  }

  /** Asks the engine something over a link of its own, which closes with the answer.
   *  @returns undefined while no engine runs
   *  @throws what `run` throws */
  async ask<T>(run: (api: EngineApi) => Promise<T>): Promise<T | undefined> {
    if (!this.#child || !this.#ready) return undefined;
    const link = createPortLink(openPort(this.#child));
    try {
      return await run(connectEngine(link));
    } finally {
      link.close();
    }
  }

  /** The page wants a port; it is handed over as soon as the engine is there, and anew after each restart. */
  connectPage(): void {
    this.#pageWants = true;
    if (this.#child && this.#ready) this.#options.onPort(openPort(this.#child));
  }

  #fork(): void {
    const startedAt = Date.now();
    let refusal: AppError | undefined;
    const { entry, args } = this.#options;
    const made = utilityProcess.fork(entry, [...args(this.#again)], {
      serviceName: 'Flyrail engine',
      stdio: 'inherit',
    });
    this.#child = made;
    made.on('message', (data: unknown) => {
      const message = messageFromEngine.safeParse(data).data;
      if (message?.type === 'refused') refusal = fromWireError(message.error);
      if (message?.type === 'ready') this.#onReady(message.claspUrl);
      if (message?.type === 'want-secrets-key') void this.#tellKey(made);
    });
    made.once('exit', (code) => {
      const error = refusal ?? new BugError(`The engine ended unexpectedly (code ${code}).`);
      this.#onExit({ error, isRefusal: refusal !== undefined, ranMs: Date.now() - startedAt });
    });
  }

  async #tellKey(engine: UtilityProcess): Promise<void> {
    try {
      tell(engine, { type: 'secrets-key', key: await this.#options.secretsKey() });
    } catch (error) {
      tell(engine, { type: 'secrets-key-refused', error: toWireError(error) });
    }
  }

  #onReady(claspUrl: string): void {
    this.#ready = true;
    this.#again = { claspPort: Number(new URL(claspUrl).port) };
    this.#options.onState('running', '');
    if (this.#pageWants) this.connectPage();
  }

  #onExit({ error, isRefusal, ranMs }: { error: AppError; isRefusal: boolean; ranMs: number }): void {
    this.#child = undefined;
    this.#ready = false;
    if (this.#stopping) return;
    const delayMs = this.#delay.next(ranMs);
    if (!this.#again && (isRefusal || this.#delay.failures >= firstTriesMax)) {
      this.#options.onRefused(error);
      return;
    }
    this.#options.onState('restarting', `${error.message} It is started again.`);
    this.#restart = setTimeout(() => {
      this.#fork();
    }, delayMs);
  }
}

function openPort(engine: UtilityProcess): MessagePortMain {
  const { port1, port2 } = new MessageChannelMain();
  tell(engine, { type: 'window' }, port1);
  return port2;
}

function tell(engine: UtilityProcess, message: MessageToEngine, port?: MessagePortMain): void {
  engine.postMessage(message, port ? [port] : []);
}
