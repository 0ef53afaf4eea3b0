import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { python } from '../../integration/far-device.ts';
import { startPtyLine, type PtyLine } from '../../pty-line.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import type { LanePlan } from '../lane.ts';
import { Tally } from '../tally.ts';

/** A board that says `POT0=n` fifty times a second and hears `LED1=n`, a Python program at the other end of two ptys. */
export async function planSerial(): Promise<LanePlan> {
  const folder = temporaryFolder();
  const [ours, theirs] = [join(folder, 'board-here'), join(folder, 'board-there')];
  const settings = {
    ...{ port: ours, baud: 115_200, prefix: '/board' },
    receives: [{ pattern: 'POT0={value:int}', to: '/in' }],
    sends: [{ from: '/out', message: 'LED1={value:d}' }],
  };
  return Promise.resolve({
    id: 'board',
    bridge: { kind: 'serial', settings },
    begin: async ({ client, hear, onEnd }) => {
      const [into, out] = [new Tally('serial lines, in', 'newest'), new Tally('serial lines, out', 'newest')];
      const board = new Board([ours, theirs], (n) => out.came(n));
      await board.in();
      onEnd(() => board.out());
      hear('/board/in', (n) => into.came(n));
      return {
        tallies: [into, out],
        perSecond: 50,
        turn: (n) => {
          if (board.say(n)) into.sent(n);
          out.sent(n);
          client.set('/board/out', n);
        },
        unplug: () => board.out(),
        plug: () => board.in(),
      };
    },
  });
}

/** Lines of stdin go to the port, and those of the port to stdout. */
const sketch = `
import os, select, sys, termios, tty
port = os.open(sys.argv[1], os.O_RDWR | os.O_NOCTTY)
tty.setraw(port)
print('ready', flush=True)
while True:
    ready, _, _ = select.select([port, sys.stdin], [], [])
    if port in ready:
        os.write(1, os.read(port, 4096))
    if sys.stdin in ready:
        data = os.read(0, 4096)
        if not data:
            break
        os.write(port, data)
`;

class Board {
  readonly #links: readonly string[];
  readonly #run: (n: number) => void;
  #line: PtyLine | undefined;
  #child: ChildProcess | undefined;

  constructor(links: readonly string[], run: (n: number) => void) {
    this.#links = links;
    this.#run = run;
  }

  async in(): Promise<void> {
    this.#line = await startPtyLine(this.#links);
    const child = spawn(python, ['-c', sketch, this.#line.ends[1]], { stdio: ['pipe', 'pipe', 'ignore'] });
    child.stdin.on('error', () => undefined);
    let held = '';
    const isReady = new Promise<void>((resolve) => {
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        const lines = (held + text).split('\n');
        held = lines.pop() ?? '';
        for (const line of lines) {
          if (line === 'ready') resolve();
          const [, n] = /^LED1=(\d+)/.exec(line) ?? [];
          if (n !== undefined) this.#run(Number(n));
        }
      });
    });
    await isReady;
    this.#child = child;
  }

  /** @returns whether there is a board */
  say(n: number): boolean {
    this.#child?.stdin?.write(`POT0=${n}\r\n`);
    return this.#child !== undefined;
  }

  async out(): Promise<void> {
    const [child, line] = [this.#child, this.#line];
    this.#child = this.#line = undefined;
    child?.kill();
    await line?.unplug();
  }
}
