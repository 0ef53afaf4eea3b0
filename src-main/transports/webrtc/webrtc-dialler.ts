import { randomUUID } from 'node:crypto';
import { messageOf, UnavailableError } from '../../contract/errors.ts';
import type { Cancel } from '../../contract/message-link.ts';
import type { Value } from '../../contract/signal.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Connection, Dialler } from '../../ports/transport.ts';
import { dialFault } from '../socket-faults.ts';
import { withoutBrackets } from '../socket-url.ts';
import { loadLibrary } from './native-library.ts';
import { NativePeer } from './native-peer.ts';
import { formatCandidate, formatSignal, parseSignal, type PeerSignal } from './peer-signal.ts';
import { parseDescription } from './session-description.ts';
import { SignallingSession } from './signalling-session.ts';
import { WebRtcConnection } from './webrtc-connection.ts';
import { channelLabel, webRtcLimits, type WebRtcLimits } from './webrtc-limits.ts';

export interface WebRtcDiallerOptions {
  readonly clock: Clock;
  /** the way to the WebSocket port, for the signalling; it is nobody else's */
  readonly webSocket: Dialler;
  /** for a router that wants to know who signals */
  readonly token?: string | undefined;
  readonly limits?: Partial<WebRtcLimits>;
}

/** The client's side of CLASP over WebRTC, `webrtc+ws:` or `webrtc+wss:`: signals over the WebSocket port, which is left once
 *  the channel `clasp-reliable` is open. */
export function createWebRtcDialler({ clock, token, webSocket, ...options }: WebRtcDiallerOptions): Dialler {
  const limits: WebRtcLimits = { ...webRtcLimits, ...options.limits };
  const attempts = new Set<Attempt>();
  return {
    dial: async (url) => {
      const attempt = new Attempt({ clock, token, limits, url });
      attempts.add(attempt);
      try {
        await loadLibrary();
        return await attempt.run(await webSocket.dial(signallingUrl(url)));
      } catch (error) {
        throw error instanceof UnavailableError ? error : dialFault(url, error);
      } finally {
        attempts.delete(attempt);
      }
    },
    abandon: () => {
      webSocket.abandon();
      for (const attempt of attempts) attempt.fail('given up');
    },
  };
}

/** @throws UnavailableError 'cannot-open-port' */
function signallingUrl(url: string): string {
  const [, inner] = /^webrtc\+(wss?:\/\/.*)$/.exec(url) ?? [];
  if (inner === undefined) throw dialFault(url, 'expected webrtc+ws://host:port or webrtc+wss://host:port');
  return inner;
}

interface AttemptOptions extends Pick<WebRtcDiallerOptions, 'clock' | 'token'> {
  readonly limits: WebRtcLimits;
  readonly url: string;
}

/** One way to a router, from its WebSocket to an open channel. */
class Attempt {
  readonly #options: AttemptOptions;
  readonly #correlationId = randomUUID();
  #native: NativePeer | undefined;
  #session: SignallingSession | undefined;
  #id = '';
  #failed: string | undefined;
  /** not yet told */
  readonly #candidates: string[] = [];
  #isTelling = false;
  #settle: { readonly resolve: (connection: Connection) => void; readonly reject: (error: Error) => void } | undefined;
  readonly #timers: Cancel[] = [];

  constructor(options: AttemptOptions) {
    this.#options = options;
  }

  async run(signalling: Connection): Promise<Connection> {
    const { token, clock, limits } = this.#options;
    const library = await loadLibrary();
    try {
      return await new Promise<Connection>((resolve, reject) => {
        this.#settle = { resolve, reject };
        if (this.#failed !== undefined) return reject(new Error(this.#failed));
        this.#timers.push(clock.after(limits.connectTimeoutMs, () => this.fail('no channel was opened in time')));
        this.#session = new SignallingSession({
          connection: signalling,
          token,
          onOpen: (id) => {
            this.#id = id;
            this.#offer(new NativePeer(library, this.#nativeOptions()));
          },
          onSignal: (value) => this.#hear(value),
          onEnd: (reason) => this.fail(reason),
        });
      });
    } catch (error) {
      this.#native?.close();
      throw error;
    } finally {
      for (const cancel of this.#timers.splice(0)) cancel();
      this.#settle = undefined;
      signalling.close('signalled');
    }
  }

  /** Nothing comes of it, unless the channel is open. */
  fail(reason: string): void {
    this.#failed ??= reason;
    this.#settle?.reject(new Error(reason));
  }

  #nativeOptions() {
    const { url, limits } = this.#options;
    const host = withoutBrackets(new URL(url).hostname);
    // The library leaves this machine's own address out unless it is told.
    const own = host === '::1' ? '::1' : '127.0.0.1';
    return {
      name: url,
      bindAddress: host === 'localhost' || host === '::1' || host.startsWith('127.') ? own : undefined,
      candidatesMax: limits.candidatesMax,
      onDescription: (sdp: string) => this.#send({ type: 'offer', correlationId: this.#correlationId, sdp }),
      onCandidate: (line: string, mid: string) => {
        this.#candidates.push(formatCandidate(line, mid));
        if (this.#isTelling) this.#tellCandidates();
      },
    };
  }

  #offer(native: NativePeer): void {
    this.#native = native;
    const { clock, limits, url } = this.#options;
    native.onState((state) => {
      if (state === 'failed' || state === 'closed') this.fail('the way over WebRTC cannot be had');
    });
    const channel = native.openChannel(channelLabel.reliable);
    channel.onOpen(() => {
      const settle = this.#settle;
      if (!settle) return;
      this.#settle = undefined;
      const onFault = (): void => undefined;
      settle.resolve(new WebRtcConnection({ native, channel, name: url, clock, limits, onFault }));
    });
  }

  #send(signal: PeerSignal): void {
    this.#session?.send(formatSignal(signal, this.#id));
  }

  /** A while after the answer was taken, if that is needed: who was told them may reach us before we have reached it, and the
   *  library then loses the beginning of its handshake, which is said again a second later. Mostly our own packets show the
   *  way. Before the answer the library would turn the peer away, since it does not know its fingerprint. */
  #answered(): void {
    if (!this.#settle) return;
    const { clock, limits } = this.#options;
    const tell = (): void => {
      this.#isTelling = true;
      this.#tellCandidates();
    };
    this.#timers.push(clock.after(limits.candidatesAfterMs, tell));
  }

  #tellCandidates(): void {
    for (const candidate of this.#candidates.splice(0))
      this.#send({ type: 'ice_candidate', correlationId: this.#correlationId, candidate });
  }

  #hear(value: Value): void {
    try {
      const signal = parseSignal(value);
      if (signal.correlationId !== this.#correlationId) return;
      if (signal.type === 'answer') {
        const trouble = this.#native?.describe(parseDescription(signal.sdp), 'answer');
        if (trouble !== undefined) return this.fail(`its answer cannot be: ${trouble}`);
        this.#answered();
      } else if (signal.type === 'ice_candidate') this.#native?.addCandidate(signal.candidate);
      else if (signal.type === 'disconnected') this.fail(signal.reason ?? 'refused');
    } catch (error) {
      this.fail(messageOf(error));
    }
  }
}
