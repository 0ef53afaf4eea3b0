import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Signalling } from '../../ports/signalling.ts';
import type { Dialler, Transport } from '../../ports/transport.ts';
import { loadLibrary } from './native-library.ts';
import { openSharedPort } from './shared-port.ts';
import { createWebRtcDialler } from './webrtc-dialler.ts';
import { webRtcLimits, type WebRtcLimits } from './webrtc-limits.ts';
import { WebRtcListener, type WebRtcFault } from './webrtc-listener.ts';

export interface WebRtcTransportOptions {
  /** where peers arrive: an address or a name of this machine */
  readonly host: string;
  /** UDP; 0 picks a free one */
  readonly port: number;
  readonly signalling: Signalling;
  /** of the WebSocket port, where clients signal */
  readonly signallingUrl: () => string;
  readonly clock: Clock;
  readonly log: Log;
  /** for dialling, the way to the WebSocket port */
  readonly webSocket: Dialler;
  readonly limits?: Partial<WebRtcLimits>;
}

export interface WebRtcTransport extends Transport {
  /** stranger: asked at the UDP port without an offer */
  refused(): Readonly<Record<WebRtcFault | 'stranger', number>>;
}

/** CLASP over WebRTC: one message of a data channel is one frame; peers are agreed on through the router.
 *  @see CLASP-WIRE §12, §15 */
export function createWebRtcTransport(options: WebRtcTransportOptions): WebRtcTransport {
  const limits: WebRtcLimits = { ...webRtcLimits, ...options.limits };
  const dialler = createWebRtcDialler({ ...options, limits });
  const counts = {
    signal: 0,
    candidate: 0,
    full: 0,
    channel: 0,
    text: 0,
    oversize: 0,
    overrun: 0,
    stranger: 0,
  };
  const onFault = (fault: keyof typeof counts): void => {
    counts[fault]++;
  };
  return {
    listen: async (accept) => {
      const library = await loadLibrary();
      const shared = await openSharedPort({ ...options, library, onStranger: () => onFault('stranger') });
      const { signalling, clock, log } = options;
      const signallingUrl = options.signallingUrl();
      try {
        return WebRtcListener.open({ library, shared, signalling, signallingUrl, clock, log, limits, onFault }, accept);
      } catch (error) {
        shared.close();
        throw error;
      }
    },
    dial: (url) => dialler.dial(url),
    refused: () => ({ ...counts }),
  };
}
