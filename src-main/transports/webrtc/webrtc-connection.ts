import type { DataChannel } from 'node-datachannel';
import type { Cancel } from '../../contract/message-link.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Connection } from '../../ports/transport.ts';
import { MessageConnection } from '../message-connection.ts';
import type { NativePeer, PeerState } from './native-peer.ts';
import { channelLabel, type WebRtcLimits } from './webrtc-limits.ts';

/** What came from a peer and was no frame for the router. */
export type ChannelFault = 'text' | 'oversize' | 'overrun';

export interface WebRtcConnectionOptions {
  readonly native: NativePeer;
  /** open; all that is sent goes there */
  readonly channel: DataChannel;
  /** for the log, where the peer's address is not known */
  readonly name: string;
  readonly clock: Clock;
  readonly limits: WebRtcLimits;
  readonly onFault: (fault: ChannelFault) => void;
}

/** One peer with the channels that it has: one message is one frame. */
export class WebRtcConnection extends MessageConnection implements Connection {
  readonly peer: string;
  readonly reliable: boolean;
  readonly framing = 'none';
  readonly maxBytes: number;
  readonly #options: WebRtcConnectionOptions;
  readonly #channels: DataChannel[] = [];
  #closeReason: string | undefined;
  #isOver = false;
  #messages = 0;
  #silence: Cancel | undefined;

  constructor(options: WebRtcConnectionOptions) {
    const { native, channel, name, limits } = options;
    super(limits.waitingBytesMax);
    this.#options = options;
    this.peer = `webrtc ${native.remoteAddress ?? name}`;
    this.reliable = channel.getLabel() === channelLabel.reliable;
    this.maxBytes = Math.min(limits.frameBytesMax, channel.maxMessageSize());
    channel.setBufferedAmountLowThreshold(limits.queueBytesMax >> 1);
    channel.onBufferedAmountLow(() => this.drained());
    native.onState((state) => this.#become(state));
    this.attach(channel);
  }

  /** Takes frames from one more channel of the peer. */
  attach(channel: DataChannel): void {
    this.#channels.push(channel);
    channel.onMessage((message) => this.#receive(channel, message));
    this.#options.native.onClosed(channel, () => {
      // Told of what we close ourselves too: to end at once then would take from the peer what is on its way.
      if (channel === this.#options.channel && this.isOpen) this.#endSoon('closed by the peer');
    });
  }

  send(chunk: Uint8Array): boolean {
    const { channel, limits } = this.#options;
    if (!this.isOpen || chunk.length > this.maxBytes) return false;
    try {
      const waiting = channel.bufferedAmount();
      if (waiting > 0 && waiting + chunk.length > limits.queueBytesMax) return this.refuseForNow();
      // It says false for what is taken and has to wait.
      channel.sendMessageBinary(chunk);
      return true;
    } catch {
      // The peer has just gone; we are told so soon.
      return false;
    }
  }

  close(reason = 'closed', last?: Uint8Array): void {
    if (!this.isOpen) return;
    const { channel, clock, limits } = this.#options;
    this.isOpen = false;
    this.#closeReason = reason;
    const isBehind = channel.isOpen() && channel.bufferedAmount() > 0;
    try {
      if (last) channel.sendMessageBinary(last);
    } catch {
      // The peer has gone.
    }
    // The peer gets what is on its way first, and then ends the connection.
    for (const each of this.#channels) each.close();
    const within = isBehind ? limits.farewellTimeoutMs : limits.closeTimeoutMs;
    this.events.onClose(clock.after(within, () => this.#finish(reason)));
  }

  /** Drops the connection without waiting for anything. */
  terminate(reason: string): void {
    this.#finish(this.#closeReason ?? reason);
  }

  #receive(channel: DataChannel, message: string | Buffer | ArrayBuffer): void {
    if (!this.isOpen) return;
    const { limits, onFault } = this.#options;
    this.#messages++;
    if (typeof message === 'string') return onFault('text');
    const bytes = message instanceof ArrayBuffer ? new Uint8Array(message) : message;
    if (bytes.length > limits.frameBytesMax) {
      onFault('oversize');
      return this.close('a message larger than a frame');
    }
    if (this.take(bytes)) return;
    onFault('overrun');
    // Whoever was promised that nothing is lost must not lose something unheard.
    if (channel.getLabel() === channelLabel.reliable) this.close('sent faster than it was read');
  }

  #become(state: PeerState): void {
    const { clock, limits } = this.#options;
    this.#silence?.();
    this.#silence = undefined;
    if (state === 'connected') return;
    if (!this.isOpen || state === 'closed') return this.#endSoon('closed by the peer');
    if (state === 'failed') return this.#endSoon('the peer cannot be reached any more');
    this.#silence = clock.after(limits.silentForMs, () => this.#endSoon('the peer was not heard any more'));
  }

  /** Messages and their end come by different ways out of the library's threads, of which the system may run one too early:
   *  the end waits until a while has brought no message. */
  #endSoon(reason: string): void {
    const before = this.#messages;
    const { clock, limits } = this.#options;
    clock.after(limits.quietBeforeEndMs, () => {
      if (this.#messages === before) this.#finish(this.#closeReason ?? reason);
      else this.#endSoon(reason);
    });
  }

  #finish(reason: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#silence?.();
    this.end(reason);
    this.#options.native.close();
  }
}
