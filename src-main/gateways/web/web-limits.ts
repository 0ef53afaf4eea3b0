/** What a web door lets one source, and all together, take. */
export interface WebLimits {
  readonly bodyBytesMax: number;
  /** for all headers of a request, and for a TLS handshake */
  readonly headersTimeoutMs: number;
  /** for a whole request */
  readonly requestTimeoutMs: number;
  /** a connection without a request ends */
  readonly idleTimeoutMs: number;
  readonly connectionsMax: number;
  readonly connectionsPerSource: number;
  /** bytes that wait, or are kept, for all clients that read slowly or may come back */
  readonly keptBytesMax: number;
}

export const webLimits: WebLimits = {
  bodyBytesMax: 64 * 1024,
  headersTimeoutMs: 5000,
  requestTimeoutMs: 10_000,
  idleTimeoutMs: 30_000,
  connectionsMax: 1024,
  connectionsPerSource: 256,
  keptBytesMax: 64 * 1024 * 1024,
};
