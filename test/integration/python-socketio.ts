import { execFile, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const python = '/usr/bin/python3';
const run = promisify(execFile);

/** Whether python-socketio, and what it speaks with, is there. */
export async function hasPythonSocketio(): Promise<boolean> {
  try {
    await run(python, ['-c', 'import socketio, aiohttp, websocket, requests']);
    return true;
  } catch {
    return false;
  }
}

export const pythonSocketioMissing =
  'python-socketio is not installed (Debian packages python3-socketio, python3-aiohttp, python3-websocket)';

export type PythonLine = Readonly<Record<string, unknown>>;

/** One of the two scripts beside this file, which talk in JSON lines. */
export class PythonSocketio {
  readonly lines: PythonLine[] = [];
  readonly child;
  readonly ended: Promise<unknown>;

  constructor(script: 'client' | 'server', args: readonly string[]) {
    const path = fileURLToPath(new URL(`socketio-${script}.py`, import.meta.url));
    this.child = spawn(python, ['-u', path, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.ended = new Promise((resolve) => this.child.on('exit', resolve));
    createInterface(this.child.stdout).on('line', (line) => this.lines.push(JSON.parse(line) as PythonLine));
  }

  /** What it said under this name, in its order. */
  said(name: string): unknown[] {
    return this.lines.filter((line) => name in line).map((line) => line[name]);
  }

  tell(line: object): void {
    this.child.stdin.write(`${JSON.stringify(line)}\n`);
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }
}
