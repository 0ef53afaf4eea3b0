import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { leashed, loadCore, pinned } from '../targets/cores.ts';
import type { Bench, Case, Figures } from './scenario.ts';

/** What the load process is asked to do. */
export interface LoadRequest {
  readonly scenario: string;
  readonly bench: Bench;
  readonly one: Case;
}

export type LoadAnswer = { readonly figures: Figures } | { readonly failure: string };

/** So much longer than it is to take, and `sparesMs`, a measurement may last: nobody looks at a run at night. */
const longerTimes = 10;
const sparesMs = 300_000;

/** The process that makes the load, on the load's core. */
export class LoadProcess {
  readonly #child: ChildProcess;

  constructor() {
    const child = fileURLToPath(new URL('load-child.ts', import.meta.url));
    const [program = '', ...args] = leashed(pinned(loadCore, [process.execPath]));
    this.#child = fork(child, { execPath: program, execArgv: [...args], stdio: 'inherit' });
  }

  /** @throws Error with what went wrong in the load process; it is ended where it takes far too long */
  measure(request: LoadRequest): Promise<Figures> {
    return new Promise((resolve, reject) => {
      const onExit = (code: number | null): void => {
        clearTimeout(timer);
        reject(new Error(`The load process ended with ${code}.`));
      };
      const timer = setTimeout(
        () => {
          reject(new Error('It took far too long.'));
          this.stop();
        },
        request.bench.seconds * 1000 * longerTimes + sparesMs,
      );
      this.#child.once('exit', onExit);
      this.#child.once('message', (answer: LoadAnswer) => {
        clearTimeout(timer);
        this.#child.off('exit', onExit);
        if ('failure' in answer) reject(new Error(answer.failure));
        else resolve(answer.figures);
      });
      this.#child.send(request);
    });
  }

  /** What is being measured is rejected. It has nothing to lose, and may be too busy to hear of an end. */
  stop(): void {
    this.#child.kill('SIGKILL');
  }
}
