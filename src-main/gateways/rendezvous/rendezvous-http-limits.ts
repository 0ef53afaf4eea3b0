/** What the server lets one address, and all together, take. */
export interface RendezvousHttpLimits {
  readonly bodyBytesMax: number;
  /** for all headers of a request */
  readonly headersTimeoutMs: number;
  /** for a whole request */
  readonly requestTimeoutMs: number;
  /** a connection on which nothing moves ends */
  readonly idleTimeoutMs: number;
  /** for a whole answer to be read */
  readonly answerTimeoutMs: number;
  readonly connectionsMax: number;
  readonly connectionsPerSource: number;
  /** of one source */
  readonly requestsPerSecond: number;
  readonly requestsBurst: number;
}

export const rendezvousHttpLimits: RendezvousHttpLimits = {
  bodyBytesMax: 64 * 1024,
  headersTimeoutMs: 5000,
  requestTimeoutMs: 10_000,
  idleTimeoutMs: 10_000,
  answerTimeoutMs: 30_000,
  connectionsMax: 512,
  connectionsPerSource: 32,
  requestsPerSecond: 20,
  requestsBurst: 100,
};
