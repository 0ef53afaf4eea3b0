import type { ProtocolError } from '../../contract/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import { LengthSplitter } from '../frame-splitter.ts';
import { HeaderSplitter } from '../header-splitter.ts';
import { StreamConnection } from '../stream-connection.ts';
import { QuicConnection } from './quic-connection.ts';
import type { QuicLimits } from './quic-limits.ts';
import type { QuicSession } from './quic-session.ts';
import type { QuicStream } from './quic-stream.ts';

interface ConnectionOptions {
  readonly peer: string;
  /** none: frames one behind the other. length32: each behind its length */
  readonly framing: 'length32' | 'none';
  readonly clock: Clock;
  readonly limits: QuicLimits;
  readonly onFault: (fault: ProtocolError) => void;
  readonly onLostDatagram: () => void;
}

/** @param firstByte of a stream that a peer opened: no frame begins with 0, and every length does */
export function framingOf(firstByte: number): 'length32' | 'none' {
  return firstByte === 0 ? 'length32' : 'none';
}

/** One stream as a connection. The datagrams of a QUIC connection go with its first stream.
 *  @see CLASP-WIRE §12 */
export function connectionOver(session: QuicSession, stream: QuicStream, options: ConnectionOptions): QuicConnection {
  const isPlain = options.framing === 'none';
  return new QuicConnection({
    stream: new StreamConnection({
      ...options,
      stream,
      split: (onFrame) => (isPlain ? new HeaderSplitter(onFrame) : new LengthSplitter(onFrame)),
    }),
    datagrams: isPlain && stream.id === 0 ? { send: (datagram) => session.sendDatagram(datagram) } : undefined,
    onLost: options.onLostDatagram,
  });
}
