import { decodeFrame } from '../../src-main/core/protocol/frame.ts';
import { messageType, type Message } from '../../src-main/core/protocol/messages.ts';
import type { Connection } from '../../src-main/ports/transport.ts';
import type { Departure } from './observation.ts';
import { framesIn } from './stream-end.ts';

type Told = Pick<Departure, 'kind' | 'address' | 'phase' | 'finger' | 'isPlain'>;

export interface RouterEndOptions {
  readonly far: Connection;
  /** the router's process has ended: whatever arrives, nobody is there */
  readonly isOver: () => boolean;
  /** Told of what leaves, for as long as the link has never been full: afterwards what leaves has waited. */
  readonly onDeparture: ((departure: Told) => void) | undefined;
}

/** A connection as one life of the router has it. */
export function createRouterEnd({ far, isOver, onDeparture }: RouterEndOptions): Connection {
  let wasFull = onDeparture === undefined;
  return {
    peer: far.peer,
    reliable: far.reliable,
    maxBytes: far.maxBytes,
    framing: far.framing,
    onFrame: (run) => far.onFrame((frame) => isOver() || run(frame)),
    onDrain: (run) => far.onDrain(() => isOver() || run()),
    onClose: (run) => far.onClose((reason) => isOver() || run(reason)),
    pauseReading: () => far.pauseReading(),
    resumeReading: () => far.resumeReading(),
    close: (reason, last) => far.close(reason, last),
    send: (chunk) => {
      const isTaken = far.send(chunk);
      wasFull ||= !isTaken;
      if (wasFull) return isTaken;
      for (const frame of far.framing === 'none' ? [chunk] : framesIn(chunk)) {
        const { message, timestamp } = decodeFrame(frame);
        // What has a time is past, or answers something.
        if (timestamp === undefined) tell(message);
      }
      return true;
    },
  };

  function tell(message: Message): void {
    if (message.type === messageType.set) {
      const { address, lock, unlock, value } = message;
      const isPlain = lock !== true && unlock !== true && value.value.type !== 'null';
      onDeparture?.({ kind: 'param', address, phase: undefined, finger: undefined, isPlain });
    } else if (message.type === messageType.publish) {
      const { kind, address, phase, id: finger } = message;
      onDeparture?.({ kind, address, phase, finger, isPlain: true });
    }
  }
}
