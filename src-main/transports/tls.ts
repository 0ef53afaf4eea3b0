import { isIP } from 'node:net';
import { rootCertificates } from 'node:tls';
import type { Millis } from '../contract/units.ts';

/** What a TLS server shows, in PEM: its certificate with what leads to the authority, and its key. */
export interface TlsIdentity {
  readonly cert: string;
  readonly key: string;
}

/** Older ones are broken. @see RFC 8996 */
const minVersion = 'TLSv1.2';

/** What Node's TLS servers want to know. */
export function serverTls({ cert, key }: TlsIdentity, handshakeTimeoutMs: Millis) {
  return { cert, key, minVersion, handshakeTimeout: handshakeTimeoutMs } as const;
}

/** What Node's TLS clients want to know: the server must be the one that is dialled, signed by an authority that is trusted.
 *  @param authorities PEM of those that are trusted beside the well-known ones */
export function clientTls(host: string, authorities: readonly string[]) {
  return {
    minVersion,
    // An address has no name to be asked for.
    ...(isIP(host) === 0 && { servername: host }),
    ...(authorities.length > 0 && { ca: [...rootCertificates, ...authorities] }),
  } as const;
}
