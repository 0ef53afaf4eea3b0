import type { Millis } from '../../contract/units.ts';
import { frameBytesMax } from '../../core/protocol/limits.ts';

/** Every bound of the WebSocket transport. What happens at each stands beside it. */
export interface WebSocketLimits {
  /** of one message; a larger one closes the connection with 1009 */
  readonly frameBytesMax: number;
  /** waiting in one socket beyond what the system takes; then `send` says full */
  readonly queueBytesMax: number;
  /** TCP connections to the port; further ones are dropped at once */
  readonly connectionsMax: number;
  /** from the TCP connection to the whole upgrade request; then the connection is dropped */
  readonly upgradeTimeoutMs: Millis;
  /** between pings; a peer that was not heard for two of them is dropped */
  readonly pingIntervalMs: Millis;
  /** for a peer to answer a close; then the connection is dropped */
  readonly closeTimeoutMs: Millis;
  /** the same where the peer has not yet read all that was sent before, in which it is told why */
  readonly farewellTimeoutMs: Millis;
}

export const webSocketLimits: WebSocketLimits = {
  frameBytesMax,
  queueBytesMax: 1024 * 1024,
  connectionsMax: 8192,
  upgradeTimeoutMs: 5000 as Millis,
  pingIntervalMs: 30_000 as Millis,
  closeTimeoutMs: 500 as Millis,
  farewellTimeoutMs: 30_000 as Millis,
};
