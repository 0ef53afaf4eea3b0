import type { Duplex } from 'node:stream';
import type { Clock } from '../../ports/clock.ts';

/** Of one turn of the event loop, for each client. */
const turnMicros = 500;
/** Looked at in one go: some 35 of the smallest packets. */
export const sliceBytes = 256;

/** Lets what reads a stream whenever it is `readable` have a little in each turn of the event loop, since a client may send a hundred
 *  thousand packets at once, and nobody else waits for them.
 *  @param isIdle whether it has done with what it read: then it looks for more when it is told, and otherwise by itself */
export function paceReading(stream: Duplex, clock: Clock, isIdle: () => boolean): void {
  const read = stream.read.bind(stream);
  let until: number | undefined;
  let isHeld = false;
  stream.read = (size?: number | null) => {
    // Streams look after themselves by a size of 0.
    if (typeof size === 'number') return read(size) as unknown;
    until ??= beginTurn();
    isHeld = clock.nowMicros() >= until;
    if (isHeld) return null;
    // Half a packet is none, and more of it is here.
    if (stream.readableLength > sliceBytes) queueMicrotask(tell);
    // What has nothing more comes to its end by being read.
    return read(Math.min(stream.readableLength, sliceBytes) || undefined) as unknown;
  };

  function tell(): void {
    if (!stream.destroyed && isIdle()) stream.emit('readable');
  }

  function beginTurn(): number {
    setImmediate(() => {
      until = undefined;
      if (isHeld || stream.readableLength > 0) tell();
    });
    return clock.nowMicros() + turnMicros;
  }
}
