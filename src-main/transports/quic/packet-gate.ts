import { randomBytes } from 'node:crypto';
import { microsToMillis } from '../../contract/units.ts';
import type { UdpEndpoint } from '../../platform/udp-socket.ts';
import type { Clock } from '../../ports/clock.ts';
import type { QuicLimits } from './quic-limits.ts';
import { connectionIdBytes, type Quiche, type QuicheHeader } from './quiche.ts';
import type { ResetTokens } from './reset-tokens.ts';
import { RetryTokens } from './retry-tokens.ts';

/** Why a packet led to nothing: packet: no QUIC, or of no connection that there is. version: of a QUIC that is not spoken here;
 *  the peer is told which is. token: of an address that did not prove to be its own, or not in time. */
export type PacketRefusal = 'packet' | 'version' | 'token';

export interface PacketGateOptions {
  readonly quiche: Quiche;
  readonly clock: Clock;
  readonly limits: QuicLimits;
  readonly transmit: (packet: Uint8Array, to: UdpEndpoint) => void;
  readonly resets: ResetTokens;
  readonly onRefused: (why: PacketRefusal) => void;
}

/** Shorter ones could make a port send more than it was sent. [RFC 9000 14.1] */
const firstPacketBytesMin = 1200;
const answerBytesMax = 1200;

/** Looks at packets of no known connection. Who wants to connect has to prove first that it is where it says, and costs nothing
 *  until then. */
export class PacketGate {
  readonly #options: PacketGateOptions;
  readonly #tokens = new RetryTokens();

  constructor(options: PacketGateOptions) {
    this.#options = options;
  }

  /** @returns the first id of the connection that is to be made; undefined where none is */
  admit(header: QuicheHeader, sizeBytes: number, from: UdpEndpoint): Uint8Array | undefined {
    const { quiche, clock, onRefused } = this.#options;
    if (header.ty === quiche.Type.Short) this.#tellEnd(header, sizeBytes, from);
    const { token } = header;
    if (header.ty !== quiche.Type.Initial || sizeBytes < firstPacketBytesMin) onRefused('packet');
    else if (!quiche.versionIsSupported(header.version)) {
      onRefused('version');
      this.#answer(from, (out) => quiche.negotiateVersion(header.scid, header.dcid, out));
    } else if (!token || token.length === 0) this.#askBack(header, from);
    else {
      const isChosen = header.dcid.length === connectionIdBytes;
      const now = microsToMillis(clock.nowMicros());
      const originalId = isChosen ? this.#tokens.check(token, { from, chosenId: header.dcid }, now) : undefined;
      if (!originalId) onRefused('token');
      return originalId;
    }
    return undefined;
  }

  /** Whoever believes in a connection that is no more begins anew. */
  #tellEnd({ dcid }: QuicheHeader, sizeBytes: number, from: UdpEndpoint): void {
    const reset = this.#options.resets.reset(dcid, sizeBytes);
    if (reset) this.#options.transmit(reset, from);
  }

  #askBack({ scid, dcid, version }: QuicheHeader, from: UdpEndpoint): void {
    const { quiche, clock, limits } = this.#options;
    const chosenId = randomBytes(connectionIdBytes);
    const expiry = microsToMillis(clock.nowMicros()) + limits.retryTimeoutMs;
    const token = this.#tokens.mint({ from, chosenId }, dcid, expiry);
    this.#answer(from, (out) => quiche.retry(scid, dcid, chosenId, token, version, out));
  }

  #answer(to: UdpEndpoint, write: (out: Uint8Array) => number): void {
    const out = Buffer.allocUnsafe(answerBytesMax);
    try {
      this.#options.transmit(out.subarray(0, write(out)), to);
    } catch {
      // A header that quiche reads and cannot answer.
      this.#options.onRefused('packet');
    }
  }
}
