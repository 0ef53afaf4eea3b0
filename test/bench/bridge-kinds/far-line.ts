import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
  const port = await open(line.ends[1], 'r+');
  const stream = port.createReadStream({ highWaterMark: 4096 });
  const end: FarLine = {
    write: (bytes) => void port.write(bytes),
    onBytes: () => undefined,
    close: async () => {
      await line.unplug();
      stream.destroy();
    },
  };
  stream.on('error', () => undefined);
  stream.on('data', (chunk) => end.onBytes(Buffer.from(chunk)));
  return end;
}
