import type { Millis } from '../../contract/units.ts';
import { streamLimits, type StreamLimits } from '../stream-limits.ts';

/** Every bound of the TCP transport. */
export interface TcpLimits extends StreamLimits {
  /** to one port; further connections are dropped at once */
  readonly connectionsMax: number;
  /** for a TLS handshake; then the connection is dropped */
  readonly handshakeTimeoutMs: Millis;
  /** to be connected when dialling, with TLS until the handshake is done; then dialling has failed */
  readonly dialTimeoutMs: Millis;
}

/** Old clients take no frame of more than this behind a length. @see CLASP-WIRE §12 */
const oldFrameBytesMax = 65_536;

export const tcpLimits: TcpLimits = {
  ...streamLimits,
  frameBytesMax: oldFrameBytesMax,
  connectionsMax: 8192,
  handshakeTimeoutMs: 5000 as Millis,
  dialTimeoutMs: 10_000 as Millis,
};
