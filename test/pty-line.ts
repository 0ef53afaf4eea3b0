import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, constants, openSync } from 'node:fs';
import { leashed, unpinned } from './bench/targets/cores.ts';

/** Two ports and the line between them, as a pair of ptys. */
export interface PtyLine {
  /** their paths */
  readonly ends: readonly [string, string];
  /** Pulls the plug: both ports are gone. */
  unplug(): Promise<void>;
}

/** Starts socat between two ptys. @param links names for the ptys, which have new ones each time */
export async function startPtyLine(links: readonly string[] = []): Promise<PtyLine> {
  const [left, right] = [0, 1].map((i) => `pty,raw,echo=0${links[i] === undefined ? '' : `,link=${links[i]}`}`);
  const [program = '', ...args] = leashed(unpinned(['socat', '-d', '-d', left ?? '', right ?? '']));
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const ends = await namesOf(child);
  // A line is there whether or not a port is open; socat would take the first close for its end.
  const held = ends.map((path) => openSync(path, constants.O_RDWR | constants.O_NOCTTY));
  return {
    ends,
    unplug: async () => {
      for (const descriptor of held.splice(0)) closeSync(descriptor);
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** socat prints where each pty is. */
function namesOf(child: ChildProcess): Promise<[string, string]> {
  let said = '';
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`socat ended: ${said}`)));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      const [left, right] = [...said.matchAll(/PTY is (\S+)/g)].map(([, path = '']) => path);
      if (left !== undefined && right !== undefined && said.includes('starting data transfer')) resolve([left, right]);
    });
  });
}
