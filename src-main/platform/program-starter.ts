import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { basename } from 'node:path';
import process from 'node:process';
import type { Readable, Writable } from 'node:stream';
import { UnavailableError } from '../contract/errors.ts';
import { millis } from '../contract/units.ts';
import type { Clock } from '../ports/clock.ts';

/** A program that has not ended after this much longer is ended for it. */
export const endWait = millis(1000);

/** Runs its arguments for each line of the fourth pipe, and says behind their error output with what they ended. It ends with that pipe,
 *  so with us. The trap lets SIGTERM end the program, which does not inherit it, before the shell. */
const script = `trap : TERM; while read -r _ <&3; do "$@" 3<&-; printf '\\000%d\\000' "$?" >&2; done`;
const endMark = /\0(\d+)\0$/;
/** What a shell says of a program that the system cannot run. */
const notRun = ['126', '127'];
/** of its error output */
const wordsMax = 2000;

/** How a program ended. */
export interface EndedProgram {
  /** the last 2000 characters that it wrote to its error output */
  readonly words: string;
  /** false where the system cannot run it at all */
  readonly hasRun: boolean;
}

export interface StartedProgram {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly ended: Promise<EndedProgram>;
  /** Ends it. Settles when nothing of it is left. */
  close(): Promise<void>;
}

/** Starts programs that may have to be started again and again, one at a time, from a small process that waits for that.
 *
 *  To start one from here copies the tables of all our memory, and the event loop stands still meanwhile: measured, 3 to 15 ms for an engine, and no
 *  better from a thread of it. From the small process it costs the loop one write. No shell reads what is run: path and arguments go
 *  as they are. */
export class ProgramStarter {
  readonly #clock: Clock;
  #waiting: WaitingShell | undefined;
  readonly #closing = new Set<Promise<void>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The one before has ended.
   *  @param path absolute
   *  @throws UnavailableError 'cannot-open-port' where the system has no room for another process */
  run(path: string, args: readonly string[]): StartedProgram {
    const command = [path, ...args];
    if (!this.#waiting?.isFreshFor(command)) {
      this.#endWaiting();
      this.#waiting = new WaitingShell(this.#clock, command);
    }
    const shell = this.#waiting;
    const { stdin, stdout } = shell;
    return { stdin, stdout, ended: shell.run(), close: () => shell.close() };
  }

  /** Settles when nothing of what it started is left. */
  async close(): Promise<void> {
    this.#endWaiting();
    await Promise.all(this.#closing);
  }

  #endWaiting(): void {
    const closing = this.#waiting?.close();
    this.#waiting = undefined;
    if (!closing) return;
    this.#closing.add(closing);
    void closing.then(() => this.#closing.delete(closing));
  }
}

/** The small process, of one program with its arguments. */
class WaitingShell {
  readonly #clock: Clock;
  readonly #command: readonly string[];
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #gone: Promise<void>;
  #isGone = false;
  #hasCarried = false;
  #words = '';
  #onEnd: ((ended: EndedProgram) => void) | undefined;

  constructor(clock: Clock, command: readonly string[]) {
    this.#clock = clock;
    this.#command = command;
    // Detached: the shell and its program are one group, and Ctrl C is for us, who end them in order.
    const stdio = Array.from({ length: 4 }, () => 'pipe' as const);
    const child = spawn('/bin/sh', ['-c', script, 'sh', ...command], { stdio, detached: true });
    this.#child = child;
    if (child.pid === undefined) {
      child.on('error', () => undefined);
      throw new UnavailableError('cannot-open-port', `${basename(command[0] ?? '')} could not be started.`);
    }
    child.stderr.on('data', (chunk: Buffer) => this.#hear(chunk.toString('utf8')));
    child.stdout.once('data', () => (this.#hasCarried = true));
    // They break as it ends; the end itself is what counts.
    for (const pipe of child.stdio) pipe?.on('error', () => undefined);
    this.#gone = new Promise((resolve) => child.once('close', resolve));
    void this.#gone.then(() => {
      this.#isGone = true;
      this.#end(true);
    });
  }

  get stdin(): Writable {
    return this.#child.stdin;
  }

  get stdout(): Readable {
    return this.#child.stdout;
  }

  /** Another program would read what is left in the pipes of the one before. */
  isFreshFor(command: readonly string[]): boolean {
    const isSame = command.join('\0') === this.#command.join('\0');
    const { bytesWritten = 0 } = this.#child.stdin as Writable & { readonly bytesWritten?: number };
    return isSame && !this.#isGone && !this.#hasCarried && bytesWritten === 0;
  }

  run(): Promise<EndedProgram> {
    this.#words = '';
    return new Promise((resolve) => {
      this.#onEnd = resolve;
      (this.#child.stdio[3] as Writable).write('\n');
    });
  }

  async close(): Promise<void> {
    // What the program started itself may hold its pipes open; nobody listens to them any more.
    for (const pipe of this.#child.stdio) pipe?.destroy();
    this.#kill('SIGTERM');
    const cancel = this.#clock.after(endWait, () => this.#kill('SIGKILL'));
    await this.#gone;
    cancel();
  }

  #hear(text: string): void {
    this.#words = (this.#words + text).slice(-wordsMax);
    const mark = endMark.exec(this.#words);
    if (!mark) return;
    this.#words = this.#words.slice(0, mark.index);
    this.#end(!notRun.includes(mark[1] ?? ''));
  }

  #end(hasRun: boolean): void {
    const onEnd = this.#onEnd;
    this.#onEnd = undefined;
    onEnd?.({ words: this.#words, hasRun });
  }

  /** The shell and its program. */
  #kill(signal: NodeJS.Signals): void {
    const { pid } = this.#child;
    if (pid === undefined || this.#isGone) return;
    try {
      process.kill(-pid, signal);
    } catch {
      // It has ended in this moment.
    }
  }
}
