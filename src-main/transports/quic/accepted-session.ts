import { randomBytes } from 'node:crypto';
import type { Cancel } from '../../contract/message-link.ts';
import type { Millis } from '../../contract/units.ts';
import type { Clock } from '../../ports/clock.ts';
import type { QuicLimits } from './quic-limits.ts';
import { QuicSession, type QuicSessionOptions } from './quic-session.ts';
import type { QuicStream } from './quic-stream.ts';
import { connectionIdBytes, type QuicheConnection } from './quiche.ts';
import type { ResetTokens } from './reset-tokens.ts';
import { connectionRefused, noApplicationProtocol, type SessionEnd } from './session-end.ts';

/** Why a peer that had proved its address did not get in. protocol: it does not speak clasp/2. handshake: that failed, or was not
 *  finished in time. */
export type HandshakeRefusal = 'protocol' | 'handshake';

type Base = Pick<QuicSessionOptions, 'quiche' | 'connection' | 'local' | 'transmit'>;

export interface AcceptedSessionOptions extends Base {
  readonly clock: Clock;
  readonly limits: QuicLimits;
  readonly resets: ResetTokens;
  /** why it is told, once it can be, that it does not get in */
  readonly refusal: string | undefined;
  /** under which it is reached first */
  readonly firstId: Uint8Array;
  /** Packets with this connection id are for it; undefined: for nobody any more. */
  readonly onId: (id: Uint8Array, owner: AcceptedSession | undefined) => void;
  readonly onStream: (stream: QuicStream, firstByte: number) => void;
  readonly onDatagram: (datagram: Uint8Array) => void;
  readonly onRefused: (why: HandshakeRefusal) => void;
  readonly onGone: () => void;
}

/** A QUIC connection on the side of the port: gives up what takes too long, and hands out ids for coming from elsewhere. */
export class AcceptedSession {
  readonly session: QuicSession;
  readonly #options: AcceptedSessionOptions;
  readonly #ids = new Set<string>();
  #cancelTimeout: Cancel | undefined;

  constructor(options: AcceptedSessionOptions) {
    this.#options = options;
    const { limits, onStream } = options;
    this.session = new QuicSession({
      ...options,
      onEstablished: () => this.#begin(),
      onAdvance: () => this.#exchangeIds(),
      onStream: (stream, firstByte) => {
        this.#cancelTimeout?.();
        onStream(stream, firstByte);
      },
      onStreamless: () => this.#endAfter(limits.streamlessTimeoutMs, 'no stream is open'),
      onEnd: (end) => this.#ended(end),
      onGone: () => this.#leave(),
    });
    this.#own(options.firstId);
    this.#endAfter(limits.handshakeTimeoutMs, 'the handshake took too long');
  }

  get connection(): QuicheConnection {
    return this.#options.connection;
  }

  /** Ids that the peer does not use any more go, and it gets new ones. */
  #exchangeIds(): void {
    const { connection, onId, resets } = this.#options;
    for (let id = connection.retiredScidNext(); id; id = connection.retiredScidNext()) {
      this.#ids.delete(Buffer.from(id).toString('latin1'));
      onId(id, undefined);
    }
    if (!this.session.isEstablished) return;
    while (connection.sourceCidsLeft() > 0) {
      const id = randomBytes(connectionIdBytes);
      connection.newSourceCid(id, resets.numberOf(id), false);
      this.#own(id);
    }
  }

  #begin(): void {
    const { limits, refusal } = this.#options;
    // A client has no keys yet for what is said sooner.
    if (refusal !== undefined) this.session.close(refusal, { isTransport: true, code: connectionRefused });
    else this.#endAfter(limits.streamlessTimeoutMs, 'no stream is open');
  }

  #own(id: Uint8Array): void {
    this.#ids.add(Buffer.from(id).toString('latin1'));
    this.#options.onId(id, this);
  }

  #endAfter(withinMs: Millis, reason: string): void {
    this.#cancelTimeout?.();
    this.#cancelTimeout = this.#options.clock.after(withinMs, () => this.session.close(reason));
  }

  #ended({ code }: SessionEnd): void {
    this.#cancelTimeout?.();
    if (this.session.isEstablished || this.#options.refusal !== undefined) return;
    this.#options.onRefused(code === noApplicationProtocol ? 'protocol' : 'handshake');
  }

  #leave(): void {
    const { onId, onGone } = this.#options;
    for (const id of this.#ids) onId(Buffer.from(id, 'latin1'), undefined);
    this.#ids.clear();
    onGone();
  }
}
