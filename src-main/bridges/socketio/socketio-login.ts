import { rootCertificates } from 'node:tls';
import type { SocketioBridge } from '../../contract/bridges/socketio.ts';
import { readCertificates } from '../../platform/pem-files.ts';
import { requireSecret } from '../../platform/require-secret.ts';

/** How a server knows who dials it, and whom it is believed from. */
export interface SocketioLogin {
  /** said with each namespace */
  readonly auth: Readonly<Record<string, unknown>>;
  /** of the line itself */
  readonly dialling: {
    readonly extraHeaders?: Readonly<Record<string, string>>;
    readonly query?: Readonly<Record<string, string>>;
    readonly ca?: string[];
  };
}

/** What a bridge needs to know of this machine. */
export interface LoginNeeds {
  /** @throws UnavailableError 'cannot-read-file' */
  readonly secret?: ((name: string) => Promise<string | undefined>) | undefined;
}

/** Who it is, and what it trusts.
 *  @throws UnavailableError 'cannot-read-file'; InputError 'unknown-id' for a secret that this machine does not have,
 *  'bad-certificate' */
export async function loginOf({ settings }: SocketioBridge, needs: LoginNeeds): Promise<SocketioLogin> {
  const { secretName, tokenAs, auth, caFile } = settings;
  const token = secretName === null ? undefined : await requireSecret(secretName, needs.secret);
  const ca = caFile === null ? undefined : await readCertificates(caFile);
  return {
    auth: { ...auth, ...(token !== undefined && tokenAs === 'auth' && { token }) },
    dialling: {
      ...(token !== undefined && tokenAs === 'bearer' && { extraHeaders: { Authorization: `Bearer ${token}` } }),
      ...(token !== undefined && tokenAs === 'query' && { query: { token } }),
      ...(ca && { ca: [...rootCertificates, ...ca] }),
    },
  };
}
