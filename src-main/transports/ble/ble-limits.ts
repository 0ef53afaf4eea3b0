import type { Millis } from '../../contract/units.ts';

/** Every bound of the Bluetooth transport. What happens at each stands beside it. */
export interface BleLimits {
  /** of one door; what more is in range is left alone, and counted once each time that it is seen */
  readonly linksMax: number;
  /** For one peer and not yet on the air; then `send` says full. Few: what must arrive takes a connection interval each, 10 to
   *  50 ms, and only what still waits in the router can be superseded. */
  readonly queueFramesMax: number;
  readonly queueBytesMax: number;
  /** that wait while nobody listens, or reading is paused; further frames are left out */
  readonly waitingBytesMax: number;
  /** for the next piece of a frame; then the frame is given up */
  readonly pieceWaitMs: Millis;
  /** for a peer to take one message; then it is gone [Bluetooth Core, Vol 3, Part F 3.3.3] */
  readonly sendTimeoutMs: Millis;
  /** between PINGs; a peer that ever answered and was not heard for two of them is gone */
  readonly pingIntervalMs: Millis;
  /** to find a peripheral's service and ask for its notifications */
  readonly connectTimeoutMs: Millis;
  /** for the adapter to begin, to be switched on and to find who is dialled */
  readonly dialTimeoutMs: Millis;
  /** for what was sent before a close */
  readonly closeTimeoutMs: Millis;
  /** for the radio of a client whose connection was closed */
  readonly goneWithinMs: Millis;
  /** for the adapter to say how it is, before the door says that it waits for it */
  readonly firstStateMs: Millis;
  /** after a link that failed or ended soon, doubled each time … */
  readonly retryFirstMs: Millis;
  /** … up to this; the search itself goes on without end */
  readonly retryCapMs: Millis;
  /** a link that lasted so long was a good one */
  readonly steadyMs: Millis;
  /** peripherals whose failures are remembered; then the one that failed longest ago is forgotten */
  readonly rememberedMax: number;
}

export const bleLimits: BleLimits = {
  linksMax: 16,
  queueFramesMax: 8,
  queueBytesMax: 4096,
  waitingBytesMax: 256 * 1024,
  pieceWaitMs: 2000 as Millis,
  sendTimeoutMs: 30_000 as Millis,
  pingIntervalMs: 10_000 as Millis,
  connectTimeoutMs: 10_000 as Millis,
  dialTimeoutMs: 12_000 as Millis,
  closeTimeoutMs: 500 as Millis,
  goneWithinMs: 1500 as Millis,
  firstStateMs: 1500 as Millis,
  retryFirstMs: 1000 as Millis,
  retryCapMs: 30_000 as Millis,
  steadyMs: 10_000 as Millis,
  rememberedMax: 256,
};
