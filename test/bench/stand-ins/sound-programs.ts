import { chmodSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where the sound of a stand-in comes from, and where it goes: agreed, as ports are. */
export const soundSockets = {
  record: join(tmpdir(), 'flyrail-bench-sound-record'),
  play: join(tmpdir(), 'flyrail-bench-sound-play'),
} as const;

/** Puts an `arecord` and an `aplay` into a folder that carry sound between Flyrail's pipes and these sockets, byte by byte as it
 *  comes. */
export function writeSoundPrograms(folder: string): void {
  const { record, play } = soundSockets;
  for (const [name, line] of Object.entries({
    arecord: `exec socat -u UNIX-CONNECT:${record} STDOUT`,
    aplay: `exec socat -u STDIN UNIX-CONNECT:${play}`,
  })) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${line}\n`);
    chmodSync(join(folder, name), 0o755);
  }
}
