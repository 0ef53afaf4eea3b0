/** What Socket.IO clients of one door take at the most. */
export interface SocketioLimits {
  /** connections that speak Socket.IO, by polling or by WebSocket */
  readonly connectionsMax: number;
  readonly connectionsPerSource: number;
  readonly namespacesPerConnection: number;
  /** that somebody is in */
  readonly namespacesMax: number;
  /** of one message, or of one request of polling */
  readonly messageBytesMax: number;
  /** a client that is silent for both is gone */
  readonly pingIntervalMs: number;
  readonly pingTimeoutMs: number;
  /** a connection that asks for no namespace ends */
  readonly connectTimeoutMs: number;
}

export const socketioLimits: SocketioLimits = {
  connectionsMax: 1000,
  connectionsPerSource: 200,
  namespacesPerConnection: 16,
  namespacesMax: 1000,
  messageBytesMax: 256 * 1024,
  pingIntervalMs: 10_000,
  pingTimeoutMs: 10_000,
  connectTimeoutMs: 10_000,
};
