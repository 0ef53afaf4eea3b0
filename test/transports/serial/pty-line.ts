import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, constants, openSync } from 'node:fs';
import { afterEach } from 'vitest';

/** Two ports and the line between them, as a pair of ptys. */
export interface PtyLine {
  /** their paths */
  readonly ends: readonly [string, string];
  /** Pulls the plug: both ports are gone. */
  unplug(): Promise<void>;
}

const open = new Set<PtyLine>();
afterEach(async () => {
  await Promise.all([...open].map((line) => line.unplug()));
});

/** Starts socat between two ptys; it is gone with the test. @param links names for the ptys, which have new ones each time */
export async function openPtyLine(links: readonly string[] = []): Promise<PtyLine> {
  const [left, right] = [0, 1].map((i) => `pty,raw,echo=0${links[i] === undefined ? '' : `,link=${links[i]}`}`);
  const child = spawn('socat', ['-d', '-d', left ?? '', right ?? ''], { stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const ends = await namesOf(child);
  // A line is there whether or not a port is open; socat would take the first close for its end.
  const held = ends.map((path) => openSync(path, constants.O_RDWR | constants.O_NOCTTY));
  const line: PtyLine = {
    ends,
    unplug: async () => {
      open.delete(line);
      for (const descriptor of held.splice(0)) closeSync(descriptor);
      child.kill('SIGTERM');
      await ended;
    },
  };
  open.add(line);
  return line;
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
