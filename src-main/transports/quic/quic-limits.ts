import type { Millis } from '../../contract/units.ts';
import { streamLimits, type StreamLimits } from '../stream-limits.ts';

/** Every bound of the QUIC transport. What happens at each stands beside it. */
export interface QuicLimits extends StreamLimits {
  /** to one port; who comes beyond them is refused and told */
  readonly connectionsMax: number;
  /** the same from one address */
  readonly connectionsPerSourceMax: number;
  /** that are told so at once; further ones get no answer */
  readonly refusedAtOnceMax: number;
  /** from which one connection comes, one after the other; what comes from a further one is left out, so that it is gone
   *  after the idle timeout and begins anew */
  readonly addressesMax: number;
  /** open at once on one connection, each a session of its own; the peer waits with further ones */
  readonly streamsMax: number;
  /** of one stream that were not read yet; the peer waits with more */
  readonly streamWindowBytes: number;
  /** the same of all streams of a connection */
  readonly connectionWindowBytes: number;
  /** that wait to be sent, or read; further ones are sent on the stream, or lost */
  readonly datagramsMax: number;
  /** of one UDP datagram that is sent */
  readonly packetBytesMax: number;
  /** from a peer's second packet until it is connected; then it is dropped */
  readonly handshakeTimeoutMs: Millis;
  /** to be connected when dialling; then dialling has failed */
  readonly dialTimeoutMs: Millis;
  /** without a stream; then the connection is closed */
  readonly streamlessTimeoutMs: Millis;
  /** of silence, after which a peer is asked … */
  readonly askAfterMs: Millis;
  /** … and after so much it is gone */
  readonly idleTimeoutMs: Millis;
  /** between a Retry and the packet that it asks for; later ones are left out */
  readonly retryTimeoutMs: Millis;
}

export const quicLimits: QuicLimits = {
  ...streamLimits,
  connectionsMax: 4096,
  connectionsPerSourceMax: 1024,
  refusedAtOnceMax: 64,
  // Nobody gets in where it is 64.
  addressesMax: 32,
  streamsMax: 16,
  streamWindowBytes: 256 * 1024,
  connectionWindowBytes: 1024 * 1024,
  datagramsMax: 256,
  // Fits into Ethernet, also through most tunnels.
  packetBytesMax: 1350,
  handshakeTimeoutMs: 5000 as Millis,
  dialTimeoutMs: 5000 as Millis,
  streamlessTimeoutMs: 10_000 as Millis,
  askAfterMs: 10_000 as Millis,
  idleTimeoutMs: 30_000 as Millis,
  retryTimeoutMs: 10_000 as Millis,
};
