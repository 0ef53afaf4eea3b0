import type { DataChannel, PeerConnection } from 'node-datachannel';
import { messageOf } from '../../contract/errors.ts';
import { frameBytesMax } from '../../core/protocol/limits.ts';
import { parseCandidate, type HeardCandidate } from './ice-candidate.ts';
import type { Library } from './native-library.ts';
import { formatDescription, type SessionDescription } from './session-description.ts';

export interface NativePeerOptions {
  readonly name: string;
  /** an address of this machine; of all its cards without */
  readonly bindAddress: string | undefined;
  /** a UDP port that many peers share; one of its own without */
  readonly sharedPort?: number;
  readonly candidatesMax: number;
  readonly onDescription: (sdp: string) => void;
  readonly onCandidate: (candidate: string, mid: string) => void;
}

/** The library drops larger messages without a word. So that we see who sends more than a frame, it takes more than peers are
 *  told that it does. */
const takenBytesMax = 4 * frameBytesMax;
const sizeLine = /^a=max-message-size:\d+/m;
const toldSize = `a=max-message-size:${frameBytesMax}`;

/** What becomes of a peer, in the library's words. */
export type PeerState = 'connected' | 'disconnected' | 'failed' | 'closed';

/** One peer connection of the native library, which throws where it is not asked in time, forgets channels that nobody holds, and
 *  keeps the process running for ever where nobody listens for the end of what was opened. It has one listener for each event
 *  from the first on: its threads call while another would take the place of one. */
export class NativePeer {
  readonly #peer: PeerConnection;
  readonly #options: NativePeerOptions;
  /** with who is told of its end; a channel that is collected as garbage closes */
  readonly #channels = new Map<DataChannel, () => void>();
  #onState: (state: PeerState) => void = () => undefined;
  #candidates = 0;
  #mid = '0';
  #isClosed = false;

  constructor(library: Library, options: NativePeerOptions) {
    const { bindAddress, sharedPort } = options;
    this.#options = options;
    this.#peer = new library.PeerConnection(options.name, {
      // Nobody is asked where we are: what counts is the own network.
      iceServers: [],
      maxMessageSize: takenBytesMax,
      ...(bindAddress !== undefined && { bindAddress }),
      ...(sharedPort !== undefined && {
        enableIceUdpMux: true,
        portRangeBegin: sharedPort,
        portRangeEnd: sharedPort,
      }),
    });
    this.#peer.onLocalDescription((sdp) =>
      this.#unlessClosed(() => options.onDescription(sdp.replace(sizeLine, toldSize))),
    );
    this.#peer.onLocalCandidate((line, mid) => this.#unlessClosed(() => options.onCandidate(line, mid)));
    this.#peer.onStateChange((state) => {
      const isKnown = state === 'connected' || state === 'disconnected' || state === 'failed' || state === 'closed';
      if (isKnown) this.#unlessClosed(() => this.#onState(state));
    });
  }

  /** One at a time: the next takes its place. */
  onState(run: (state: PeerState) => void): void {
    this.#onState = run;
  }

  /** One at a time, of a channel that this peer has. */
  onClosed(channel: DataChannel, run: () => void): void {
    this.#channels.set(channel, run);
  }

  /** Channels that the peer opens. */
  onChannel(run: (channel: DataChannel) => void): void {
    this.#peer.onDataChannel((channel) =>
      this.#unlessClosed(() => {
        this.#hold(channel);
        run(channel);
      }),
    );
  }

  /** Opens an ordered channel that loses nothing, and so makes an offer. */
  openChannel(label: string): DataChannel {
    const channel = this.#peer.createDataChannel(label);
    this.#hold(channel);
    return channel;
  }

  /** @returns why the library does not take it */
  describe(description: SessionDescription, type: 'offer' | 'answer'): string | undefined {
    try {
      this.#peer.setRemoteDescription(formatDescription(description), type);
    } catch (error) {
      return messageOf(error);
    }
    this.#mid = description.mid;
    for (const candidate of description.candidates) this.addCandidate(candidate);
    return undefined;
  }

  /** @param text as `parseCandidate` reads it @returns what it was */
  addCandidate(text: string): HeardCandidate['kind'] {
    const heard = parseCandidate(text);
    if (heard.kind !== 'use' || this.#isClosed) return heard.kind;
    if (++this.#candidates > this.#options.candidatesMax) return 'bad';
    try {
      this.#peer.addRemoteCandidate(heard.line, this.#mid);
    } catch {
      return 'bad';
    }
    return 'use';
  }

  /** Where the peer is, as far as that is known. */
  get remoteAddress(): string | undefined {
    const remote = this.#isClosed ? undefined : this.#peer.getSelectedCandidatePair()?.remote;
    if (!remote) return undefined;
    return remote.address.includes(':') ? `[${remote.address}]:${remote.port}` : `${remote.address}:${remote.port}`;
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    // One that never opened would keep the process running.
    for (const channel of this.#channels.keys()) channel.close();
    this.#peer.close();
    this.#channels.clear();
  }

  #hold(channel: DataChannel): void {
    this.#channels.set(channel, () => undefined);
    channel.onClosed(() =>
      this.#unlessClosed(() => {
        const run = this.#channels.get(channel);
        this.#channels.delete(channel);
        run?.();
      }),
    );
  }

  /** The library's threads call until they have heard of the end. */
  #unlessClosed(run: () => void): void {
    if (!this.#isClosed) run();
  }
}
