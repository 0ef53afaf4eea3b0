import { ProtocolError } from '../../contract/errors.ts';
import type { Cancel } from '../../contract/message-link.ts';
import { bool, text, type Value } from '../../contract/signal.ts';
import { routerSignalId } from '../../core/protocol/p2p.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Signalling, SignalLine } from '../../ports/signalling.ts';
import type { Connection, Listening } from '../../ports/transport.ts';
import { OpenConnections } from '../open-connections.ts';
import { ArrivingPeer } from './arriving-peer.ts';
import { hostCandidate } from './ice-candidate.ts';
import type { Library } from './native-library.ts';
import { NativePeer } from './native-peer.ts';
import { formatCandidate, formatSignal, parseSignal, type PeerSignal } from './peer-signal.ts';
import { parseDescription, type SessionDescription } from './session-description.ts';
import type { SharedPort } from './shared-port.ts';
import type { ChannelFault } from './webrtc-connection.ts';
import { channelLabel, type WebRtcLimits } from './webrtc-limits.ts';

/** What was left out: signals that are none, candidates that are none, offers for which there is no room, channels of other
 *  names, and what came in channels and was no frame. */
export type WebRtcFault = ChannelFault | 'signal' | 'candidate' | 'full' | 'channel';

export interface WebRtcListenerOptions {
  readonly library: Library;
  readonly shared: SharedPort;
  readonly signalling: Signalling;
  /** of the WebSocket port, where clients signal */
  readonly signallingUrl: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly limits: WebRtcLimits;
  readonly onFault: (fault: WebRtcFault) => void;
}

interface Peer {
  readonly from: string;
  readonly arriving: ArrivingPeer;
  isOpen: boolean;
}

/** Below every address of a network card. */
const loopbackPriority = 1;

/** Takes part in the router's signalling under the id `router`, and lets in whoever makes it an offer. */
export class WebRtcListener {
  readonly #options: WebRtcListenerOptions;
  readonly #accept: (connection: Connection) => void;
  readonly #open = new OpenConnections();
  /** by session and correlation id */
  readonly #peers = new Map<string, Peer>();
  readonly #line: SignalLine;
  #announcing: Cancel | undefined;
  #isAskedAgain = false;

  private constructor(options: WebRtcListenerOptions, accept: (connection: Connection) => void) {
    this.#options = options;
    this.#accept = accept;
    this.#line = options.signalling.open(routerSignalId, (from, value) => this.#hear(from, value));
    this.#line.onAnnounce(() => this.#announce());
  }

  /** @throws UnavailableError 'cannot-open-port' where there is one already */
  static open(options: WebRtcListenerOptions, accept: (connection: Connection) => void): Listening {
    const listener = new WebRtcListener(options, accept);
    listener.#announce();
    return { url: `webrtc+${options.signallingUrl}`, stop: () => listener.#stop() };
  }

  #hear(from: string, value: Value): void {
    try {
      const signal = parseSignal(value);
      const key = `${from} ${signal.correlationId}`;
      if (signal.type === 'offer') this.#offered(key, from, signal);
      else if (signal.type === 'ice_candidate') this.#reached(key, signal.candidate);
      else if (signal.type === 'disconnected') this.#peers.get(key)?.arriving.fail('the peer gave up');
      else if (signal.type === 'answer') this.#options.onFault('signal');
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.#options.onFault('signal');
      this.#options.log.debug('webrtc signal left out', { from, reason: error.message });
    }
  }

  #reached(key: string, candidate: string): void {
    const peer = this.#peers.get(key);
    // Of somebody whose offer was refused, or who is connected and finds more ways.
    if (!peer || peer.arriving.native.addCandidate(candidate) === 'bad') this.#options.onFault('candidate');
  }

  #offered(key: string, from: string, { sdp, correlationId }: Extract<PeerSignal, { sdp: string }>): void {
    const { onFault } = this.#options;
    const refuse = (fault: WebRtcFault, reason: string): void => {
      onFault(fault);
      this.#send(from, { type: 'disconnected', correlationId, reason });
    };
    let description: SessionDescription;
    try {
      description = parseDescription(sdp);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      return refuse('signal', error.message);
    }
    if (this.#peers.has(key))
      return refuse('signal', 'This offer was made already: a new one has its own correlation_id.');
    if (!this.#hasRoom(from)) return refuse('full', 'There is no room for more peers now.');
    const arriving = this.#arrive(key, from, correlationId);
    this.#peers.set(key, { from, arriving, isOpen: false });
    const trouble = arriving.native.describe(description, 'offer');
    if (trouble === undefined) return;
    onFault('signal');
    arriving.fail(`The offer cannot be: ${trouble}`);
  }

  #hasRoom(from: string): boolean {
    const { limits } = this.#options;
    const halfOpen = [...this.#peers.values()].filter(({ isOpen }) => !isOpen);
    const own = halfOpen.filter((peer) => peer.from === from);
    return (
      this.#peers.size < limits.peersMax &&
      halfOpen.length < limits.halfOpenMax &&
      own.length < limits.halfOpenPerSessionMax
    );
  }

  #arrive(key: string, from: string, correlationId: string): ArrivingPeer {
    const { library, shared, clock, limits, onFault } = this.#options;
    const native = new NativePeer(library, {
      name: key,
      bindAddress: shared.address,
      sharedPort: shared.port,
      candidatesMax: limits.candidatesMax,
      onDescription: (sdp) => {
        this.#send(from, { type: 'answer', correlationId, sdp });
        if (shared.address === undefined) this.#tellLoopback(from, correlationId, parseDescription(sdp).mid);
      },
      onCandidate: (candidate, mid) =>
        this.#send(from, { type: 'ice_candidate', correlationId, candidate: formatCandidate(candidate, mid) }),
    });
    const gone = (reason: string): void => {
      this.#peers.delete(key);
      this.#send(from, { type: 'disconnected', correlationId, reason });
    };
    return new ArrivingPeer({
      native,
      name: from,
      clock,
      limits,
      onFault,
      onFailed: gone,
      onOpen: (connection) => {
        const peer = this.#peers.get(key);
        if (peer) peer.isOpen = true;
        this.#open.add(connection);
        connection.onClose(gone);
        this.#send(from, { type: 'connected', correlationId });
        this.#accept(connection);
      },
    });
  }

  /** The library leaves this machine's own address out where it listens on all. */
  #tellLoopback(from: string, correlationId: string, mid: string): void {
    const { port } = this.#options.shared;
    const candidate = formatCandidate(hostCandidate({ address: '127.0.0.1', port }, loopbackPriority), mid);
    this.#send(from, { type: 'ice_candidate', correlationId, candidate });
  }

  /** A session that has left hears nothing more. */
  #send(to: string, signal: PeerSignal): void {
    this.#line.send(to, formatSignal(signal, routerSignalId));
  }

  /** Whoever says who it is wants to know who else is there; however many do, it is told now and then. */
  #announce(): void {
    this.#isAskedAgain = this.#announcing !== undefined;
    if (this.#isAskedAgain) return;
    this.#line.announce(announcement);
    const { clock, limits } = this.#options;
    this.#announcing = clock.after(limits.announceEveryMs, () => {
      this.#announcing = undefined;
      if (this.#isAskedAgain) this.#announce();
    });
  }

  async #stop(): Promise<void> {
    const { clock, limits, shared } = this.#options;
    this.#announcing?.();
    for (const { arriving, isOpen } of [...this.#peers.values()]) if (!isOpen) arriving.fail('the listener stops');
    await this.#open.closeAll('the listener stops', { clock, withinMs: limits.closeTimeoutMs });
    this.#line.close();
    shared.close();
  }
}

const announcement: Value = {
  type: 'map',
  value: [
    ['session_id', text(routerSignalId)],
    ['p2p_capable', bool(true)],
    ['features', { type: 'array', value: Object.values(channelLabel).map(text) }],
  ],
};
