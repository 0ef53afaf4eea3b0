import type { Millis } from '../../contract/units.ts';
import { frameBytesMax } from '../../core/protocol/limits.ts';

/** Every bound of the serial transport. What happens at each stands beside it. */
export interface SerialLimits {
  /** of one frame that is sent; larger ones are not taken */
  readonly frameBytesMax: number;
  /** of the line, that what was written may be ahead of it; then `send` says full. One frame is always taken by an idle line */
  readonly queueMs: Millis;
  /** without a byte in the middle of a frame, beside what the line takes for some; then the frame is given up */
  readonly silentMs: Millis;
  /** between PINGs; a peer that answers them and was not heard for two is dropped */
  readonly pingIntervalMs: Millis;
  /** between tries to open a port that is not there */
  readonly retryEveryMs: Millis;
  /** between looks whether the peer's port is still open, where the cable tells */
  readonly signalsEveryMs: Millis;
  /** for what was written to leave, when a port is closed; the rest is thrown away */
  readonly closeTimeoutMs: Millis;
  /** between questions whether anybody is there … */
  readonly probeEveryMs: Millis;
  /** … until so long after the first; then dialling has failed */
  readonly dialTimeoutMs: Millis;
}

export const serialLimits: SerialLimits = {
  frameBytesMax,
  queueMs: 200 as Millis,
  silentMs: 250 as Millis,
  pingIntervalMs: 10_000 as Millis,
  retryEveryMs: 1000 as Millis,
  signalsEveryMs: 1000 as Millis,
  closeTimeoutMs: 500 as Millis,
  probeEveryMs: 200 as Millis,
  dialTimeoutMs: 3000 as Millis,
};
