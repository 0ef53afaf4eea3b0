import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import type { FarEnd } from './overhead-kind.ts';

interface FrameWire {
  readonly port: number;
  /** a frame of 512 slots with a level at the first */
  readonly write: (level: number, count: number) => Buffer;
  /** the level of the first slot; undefined for a packet of another kind */
  readonly read: (packet: Buffer) => number | undefined;
}

/** A node on an address of its own, since the bridge has the port on all others. */
export async function openLevelFrames({ port, write, read }: FrameWire, peerPort: number | undefined): Promise<FarEnd> {
  const socket = createSocket({ type: 'udp4', reuseAddr: true }).bind(port, '127.0.0.2');
  await once(socket, 'listening');
  let count = 0;
  const end: FarEnd = {
    send: (level) => socket.send(write(level, count++), peerPort ?? port, '127.0.0.1'),
    onNumber: () => undefined,
    close: () => void socket.close(),
  };
  socket.on('message', (packet) => {
    const level = read(packet);
    if (level !== undefined) end.onNumber(level);
  });
  return end;
}
