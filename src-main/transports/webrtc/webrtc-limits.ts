import type { Millis } from '../../contract/units.ts';
import { frameBytesMax } from '../../core/protocol/limits.ts';

/** Every bound of the WebRTC transport. What happens at each stands beside it. */
export interface WebRtcLimits {
  /** of one message; a larger one ends the connection */
  readonly frameBytesMax: number;
  /** waiting in one channel beyond what SCTP takes; then `send` says full */
  readonly queueBytesMax: number;
  /** that came and wait while reading is paused: SCTP cannot be told to slow its sender down. Then a reliable connection
   *  ends, and an unreliable one loses what comes */
  readonly waitingBytesMax: number;
  /** connected or about to be; further offers are refused */
  readonly peersMax: number;
  /** of them, offers whose channel is not open: of all, and of one session; the same */
  readonly halfOpenMax: number;
  readonly halfOpenPerSessionMax: number;
  /** from an offer to an open channel; then it is given up */
  readonly connectTimeoutMs: Millis;
  /** from the answer to telling our candidates, where no channel is open by then */
  readonly candidatesAfterMs: Millis;
  /** without a message, before a channel that closed counts as read to its end */
  readonly quietBeforeEndMs: Millis;
  /** candidates of one peer; further ones are left out */
  readonly candidatesMax: number;
  /** from the channel `clasp` to `clasp-reliable`; then the peer has none */
  readonly reliableWithinMs: Millis;
  /** that the library calls the peer disconnected before it counts as gone; ICE itself gives up who answers nothing for 30 s */
  readonly silentForMs: Millis;
  /** for a peer to close its side; then the connection is dropped */
  readonly closeTimeoutMs: Millis;
  /** the same where the peer has not yet taken all that was sent before */
  readonly farewellTimeoutMs: Millis;
  /** between announcements, however many ask for one */
  readonly announceEveryMs: Millis;
}

export const webRtcLimits: WebRtcLimits = {
  frameBytesMax,
  queueBytesMax: 1024 * 1024,
  waitingBytesMax: 4 * 1024 * 1024,
  peersMax: 256,
  halfOpenMax: 32,
  halfOpenPerSessionMax: 4,
  connectTimeoutMs: 10_000 as Millis,
  candidatesAfterMs: 500 as Millis,
  quietBeforeEndMs: 25 as Millis,
  candidatesMax: 32,
  reliableWithinMs: 250 as Millis,
  silentForMs: 5000 as Millis,
  closeTimeoutMs: 500 as Millis,
  farewellTimeoutMs: 30_000 as Millis,
  announceEveryMs: 1000 as Millis,
};

/** What the channels are called. @see CLASP-WIRE §12 */
export const channelLabel = { unreliable: 'clasp', reliable: 'clasp-reliable' } as const;
