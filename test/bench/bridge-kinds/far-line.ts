import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ReadStream } from 'node:tty';
import { startPtyLine } from '../../pty-line.ts';

/** The device's end of a serial line. */
interface FarLine {
  write(bytes: Buffer): void;
  onBytes: (bytes: Buffer) => void;
  close(): Promise<void>;
}

/** Where the line called so ends, at the bridge and at the device: agreed, as ports are. */
export function lineEnds(name: string): readonly [here: string, there: string] {
  const end = (side: string): string => join(tmpdir(), `flyrail-bench-${name}-${side}`);
  return [end('here'), end('there')];
}

/** Lays the line, and opens the device's end. */
export async function openFarLine(name: string): Promise<FarLine> {
  const line = await startPtyLine(lineEnds(name));
  // Both at once, and not by threads: these would wait for the load, which is busy all the time on the core that they share.
  const port = openSync(line.ends[1], constants.O_WRONLY | constants.O_NOCTTY);
  const stream = new ReadStream(openSync(line.ends[1], constants.O_RDONLY | constants.O_NOCTTY | constants.O_NONBLOCK));
  const end: FarLine = {
    write: (bytes) => void writeSync(port, bytes),
    onBytes: () => undefined,
    close: async () => {
      stream.destroy();
      closeSync(port);
      await line.unplug();
    },
  };
  stream.on('error', () => undefined);
  stream.on('data', (chunk) => end.onBytes(Buffer.from(chunk)));
  return end;
}
