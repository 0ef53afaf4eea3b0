import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Readable } from 'node:stream';

export interface ProgramEnd {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningProgram {
  readonly child: ChildProcessByStdio<null, Readable, Readable>;
  readonly end: Promise<ProgramEnd>;
  /** Settles when either output has shown the text; rejects when the program ended before. */
  shows(text: string): Promise<void>;
}

/** Starts a program; its output is kept. */
export function startProgram(
  line: readonly string[],
  options: { cwd: string; env: NodeJS.ProcessEnv },
): RunningProgram {
  const [command = '', ...args] = line;
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const end = new Promise<ProgramEnd>((settle, fail) => {
    child.once('error', fail);
    child.once('close', (code) => settle({ code, stdout, stderr }));
  });
  const shows = (text: string) =>
    new Promise<void>((settle, fail) => {
      const look = () => {
        if ((stdout + stderr).includes(text)) settle();
      };
      child.stdout.on('data', look);
      child.stderr.on('data', look);
      look();
      end.then(() => fail(new Error(`ended before it showed "${text}":\n${stdout}\n${stderr}`)), fail);
    });
  return { child, end, shows };
}

/** Runs a program to its end. */
export function runProgram(
  line: readonly string[],
  options: { cwd: string; env: NodeJS.ProcessEnv },
): Promise<ProgramEnd> {
  return startProgram(line, options).end;
}
