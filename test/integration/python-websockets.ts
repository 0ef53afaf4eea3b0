import { spawn, spawnSync, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { until } from '../until.ts';
import { notInstalled } from './find-program.ts';

// Debian's: a Python elsewhere on the path does not see its packages.
export const debianPython = '/usr/bin/python3';
export const hasWebsockets =
  existsSync(debianPython) && spawnSync(debianPython, ['-c', 'import websockets']).status === 0;
export const noWebsockets = notInstalled('websockets', 'python3-websockets');

const script = fileURLToPath(new URL('websocket-server.py', import.meta.url));

/** A server by the Python library websockets, in a process of its own. */
export class PythonServer {
  readonly child: ChildProcessWithoutNullStreams;
  #text = '';

  /** @param port 0 for a free one */
  constructor(port: number) {
    this.child = spawn(debianPython, [script, String(port)]);
    this.child.stdout.setEncoding('utf8').on('data', (text: string) => (this.#text += text));
    this.child.stderr.setEncoding('utf8').on('data', (text: string) => (this.#text += `stderr ${text}`));
    this.child.stdin.on('error', () => undefined);
  }

  /** what it got, one line each */
  get lines(): readonly string[] {
    return this.#text.split('\n').slice(1, -1);
  }

  async port(): Promise<number> {
    await until('the Python server', () => /^port \d+\n/.test(this.#text));
    return Number(/^port (\d+)/.exec(this.#text)?.[1]);
  }

  say(line: string): void {
    this.child.stdin.write(`${line}\n`);
  }

  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await until('it to be gone', () => this.child.signalCode !== null || this.child.exitCode !== null);
  }
}
