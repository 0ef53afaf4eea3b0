import { bytesOfFrame, placedFrame, type PlacedFrame } from '../../../src-main/ports/placed-frame.ts';
import type { Connection } from '../../../src-main/ports/transport.ts';
import type { MemoryConnection } from '../../../src-main/transports/memory/memory-connection.ts';
import type { FrameSlab } from '../../../src-main/transports/frame-slab.ts';

const mask = [1, 2, 3, 4];

/** Where a WebSocket client's frame would lie. */
export function cameIn(slab: FrameSlab, bytes: Uint8Array): PlacedFrame {
  const masked = Uint8Array.from([...mask, ...bytes.map((byte, i) => byte ^ (mask[i & 3] ?? 0))]);
  return slab.unmask(new DataView(masked.buffer), mask.length, bytes.length);
}

/** The router's end of a memory connection, with frames as WebSocket clients' come.
 *  @param slab each frame lies alone without it
 *  @param framing of what the router sends */
export function overSlab(
  far: MemoryConnection,
  slab: FrameSlab | undefined,
  framing: Connection['framing'] = far.framing,
): Connection {
  const placed = (frame: PlacedFrame): PlacedFrame =>
    slab ? cameIn(slab, bytesOfFrame(frame)) : placedFrame(bytesOfFrame(frame).slice());
  return {
    ...{ peer: far.peer, reliable: true, maxBytes: far.maxBytes, framing, framesStay: true },
    send: (chunk) => far.send(chunk),
    onFrame: (run) => far.onFrame((frame) => run(placed(frame))),
    pauseReading: () => far.pauseReading(),
    resumeReading: () => far.resumeReading(),
    onDrain: (run) => far.onDrain(run),
    onClose: (run) => far.onClose(run),
    close: (reason, last) => far.close(reason, last),
  };
}
