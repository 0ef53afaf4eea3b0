import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { messageOf } from '../../../src-main/contract/errors.ts';
import { leashed, pinned, serverCore } from './cores.ts';

/** A server as a process on the server's core, which ends with this one. Its words are kept, to be shown when it does not come up. */
export class ServerProcess {
  readonly #child: ChildProcess;
  readonly #gone: Promise<unknown>;
  #said = '';
  /** how; undefined while it runs */
  #end: string | undefined;

  constructor(command: readonly string[]) {
    const [program = '', ...args] = leashed(pinned(serverCore, command));
    this.#child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#gone = once(this.#child, 'close')
      .then(([code, signal]) => (this.#end = `ended with ${code ?? signal}`))
      .catch((error: unknown) => (this.#end = messageOf(error)));
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => (this.#said = (this.#said + text).slice(-4000)));
    }
  }

  /** `setpriv` and `taskset` give their process over to the command, so it is the server's. */
  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Whether it runs, or how it ended, with its last words. */
  get fate(): string {
    return `the server ${this.#end ?? 'runs'}, its last words: ${this.#said.trim() || 'none'}`;
  }

  /** @returns what `pattern` found in what the server says
   *  @throws Error with its words when it ends first or says nothing for ten seconds */
  async says(pattern: RegExp): Promise<RegExpMatchArray> {
    for (let tries = 0; tries < 1000 && this.#end === undefined; tries++) {
      const found = this.#said.match(pattern);
      if (found) return found;
      await wait(10);
    }
    await this.stop();
    throw new Error(`The server did not come up: ${this.#said}`);
  }

  /** @throws Error with its words when nothing answers on its port within ten seconds */
  async answersOn(port: number): Promise<void> {
    for (let tries = 0; tries < 500 && this.#end === undefined; tries++) {
      if (await canConnect(port)) return;
      await wait(20);
    }
    await this.stop();
    throw new Error(`The server does not answer on its port: ${this.#said}`);
  }

  async stop(): Promise<void> {
    if (this.#end === undefined) this.#child.kill('SIGTERM');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), 5000);
    await this.#gone;
    clearTimeout(timer);
  }
}

function canConnect(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
