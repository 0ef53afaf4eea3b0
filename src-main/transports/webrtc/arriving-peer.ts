import type { DataChannel } from 'node-datachannel';
import type { Cancel } from '../../contract/message-link.ts';
import type { Clock } from '../../ports/clock.ts';
import type { NativePeer } from './native-peer.ts';
import { WebRtcConnection, type ChannelFault } from './webrtc-connection.ts';
import { channelLabel, type WebRtcLimits } from './webrtc-limits.ts';

export interface ArrivingPeerOptions {
  readonly native: NativePeer;
  readonly name: string;
  readonly clock: Clock;
  readonly limits: WebRtcLimits;
  readonly onFault: (fault: ChannelFault | 'channel') => void;
  readonly onOpen: (connection: WebRtcConnection) => void;
  /** It came to nothing. */
  readonly onFailed: (reason: string) => void;
}

/** A peer whose offer was taken, until it has opened what it wants to open. */
export class ArrivingPeer {
  readonly #options: ArrivingPeerOptions;
  #connection: WebRtcConnection | undefined;
  /** `clasp`, while `clasp-reliable` may still come */
  #early: DataChannel | undefined;
  /** the other one, behind the one that the connection began with */
  #attached: string | undefined;
  #isOver = false;
  #timers: Cancel[] = [];

  constructor(options: ArrivingPeerOptions) {
    this.#options = options;
    const { native, clock, limits } = options;
    this.#timers.push(clock.after(limits.connectTimeoutMs, () => this.fail('no channel was opened in time')));
    native.onState((state) => {
      if (state === 'failed') this.fail('the peer cannot be reached');
      else if (state === 'closed') this.fail('closed by the peer');
    });
    native.onChannel((channel) => this.#take(channel));
  }

  get native(): NativePeer {
    return this.#options.native;
  }

  /** also of a connection that is open */
  fail(reason: string): void {
    if (this.#connection) return this.#connection.close(reason);
    if (this.#isOver) return;
    this.#settle();
    this.#options.native.close();
    this.#options.onFailed(reason);
  }

  #take(channel: DataChannel): void {
    const label = channel.getLabel();
    const isKnown = label === channelLabel.reliable || label === channelLabel.unreliable;
    const isOneMore = label === this.#early?.getLabel() || label === this.#attached;
    if (!isKnown || isOneMore) {
      this.#options.onFault('channel');
      return channel.close();
    }
    if (this.#connection) return this.#attach(channel);
    if (label === channelLabel.reliable) return this.#open(channel);
    this.#early = channel;
    const { clock, limits } = this.#options;
    this.#timers.push(clock.after(limits.reliableWithinMs, () => this.#open(channel)));
  }

  #attach(channel: DataChannel): void {
    this.#attached ??= channel.getLabel();
    this.#connection?.attach(channel);
  }

  #open(channel: DataChannel): void {
    if (this.#isOver || this.#connection) return;
    const early = this.#early;
    this.#settle();
    this.#connection = new WebRtcConnection({ ...this.#options, channel });
    if (early && early !== channel) this.#attach(early);
    this.#options.onOpen(this.#connection);
  }

  #settle(): void {
    this.#isOver = true;
    for (const cancel of this.#timers.splice(0)) cancel();
  }
}
