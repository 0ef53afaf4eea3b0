import type { Socket } from 'node:net';
import type { ProtocolError } from '../../contract/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import { LengthSplitter } from '../frame-splitter.ts';
import { StreamConnection } from '../stream-connection.ts';
import type { TcpLimits } from './tcp-limits.ts';

interface TcpConnectionOptions {
  readonly peer: string;
  readonly clock: Clock;
  readonly limits: TcpLimits;
  readonly onFault: (fault: ProtocolError) => void;
}

/** Frames behind their lengths on an open socket. @see CLASP-WIRE §12 */
export function connectionOver(socket: Socket, options: TcpConnectionOptions): StreamConnection {
  return new StreamConnection({
    ...options,
    stream: socket,
    framing: 'length32',
    split: (onFrame) => new LengthSplitter(onFrame),
  });
}
