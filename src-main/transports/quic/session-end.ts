import type { QuicLimits } from './quic-limits.ts';
import type { QuicheConnection } from './quiche.ts';
import { untrustedWords } from '../socket-faults.ts';

/** How a QUIC connection ended. */
export interface SessionEnd {
  /** for people */
  readonly reason: string;
  readonly isOurs: boolean;
  /** that was told or would have been; 0 is no fault */
  readonly code: number;
}

/** Alerts of TLS in the codes of QUIC. @see RFC 9001 4.8, RFC 8446 6.2 */
export const noApplicationProtocol = 0x178;
export const connectionRefused = 0x02;

const alertWords: Readonly<Record<number, string>> = {
  0x12a: 'its certificate does not hold',
  0x12d: 'its certificate has expired or is not yet valid (as the clock of this machine says)',
  0x12e: 'its certificate does not hold',
  0x130: untrustedWords,
  [noApplicationProtocol]: 'it does not speak clasp/2',
};

/** @param connection that has ended */
export function endOf(connection: QuicheConnection, wasEstablished: boolean, limits: QuicLimits): SessionEnd {
  if (connection.isTimedOut()) {
    const seconds = limits.idleTimeoutMs / 1000;
    return { reason: wasEstablished ? `nothing was heard for ${seconds} s` : 'nobody answered', isOurs: true, code: 0 };
  }
  const [peer, own] = [connection.peerError(), connection.localError()];
  if (peer) {
    const text = visible(peer.reason) || (peer.isApp ? '' : (alertWords[peer.errorCode] ?? ''));
    const words = text || (peer.errorCode === 0 ? '' : `code ${peer.errorCode}`);
    const reason = words === '' ? 'closed by the peer' : `closed by the peer: ${words}`;
    return { reason, isOurs: false, code: peer.errorCode };
  }
  if (!own) return { reason: 'the peer knows the connection no more', isOurs: false, code: 0 };
  const code = own.errorCode;
  return { reason: alertWords[code] ?? `the peer broke the protocol (code ${code})`, isOurs: true, code };
}

/** What a peer sends is shown to people, and stands in logs. */
function visible(reason: Uint8Array): string {
  return Buffer.from(reason.subarray(0, 200))
    .toString()
    .replaceAll(/[\p{C}\u2028\u2029]+/gu, ' ')
    .trim();
}
