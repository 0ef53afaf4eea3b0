import type { Millis } from '../contract/units.ts';
import { frameBytesMax } from '../core/protocol/limits.ts';

/** Every bound of a connection over a stream of bytes. What happens at each stands beside it. */
export interface StreamLimits {
  /** of one frame that is sent; larger ones are not taken */
  readonly frameBytesMax: number;
  /** waiting in one stream beyond what the system takes; then `send` says full */
  readonly queueBytesMax: number;
  /** between PINGs; a peer that answers them and was not heard for two is dropped */
  readonly pingIntervalMs: Millis;
  /** for a peer to close its side; then the connection is dropped */
  readonly closeTimeoutMs: Millis;
  /** the same where the peer has not yet read all that was sent before, in which it is told why */
  readonly farewellTimeoutMs: Millis;
}

export const streamLimits: StreamLimits = {
  frameBytesMax,
  queueBytesMax: 1024 * 1024,
  pingIntervalMs: 30_000 as Millis,
  closeTimeoutMs: 500 as Millis,
  farewellTimeoutMs: 30_000 as Millis,
};
