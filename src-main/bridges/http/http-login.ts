import { rootCertificates } from 'node:tls';
import type { HttpBridge } from '../../contract/bridges/http.ts';
import { secretHole, type HttpHeader } from '../../contract/bridges/http-fields.ts';
import { InputError } from '../../contract/errors.ts';
import type { HttpCallerOptions } from '../../platform/http-caller.ts';
import { readCertificates, readPrivateKey } from '../../platform/pem-files.ts';
import { requireSecret } from '../../platform/require-secret.ts';

/** Secrets of this machine by their names.
 *  @throws UnavailableError 'cannot-read-file' */
export type SecretLookup = ((name: string) => Promise<string | undefined>) | undefined;

export type Headers = Readonly<Record<string, string>>;

/** Headers with their secrets in them, names in lower case.
 *  @throws InputError 'unknown-id' for a secret that this machine does not have, 'bad-value' for one that no header can hold;
 *  UnavailableError 'cannot-read-file' */
export async function headersOf(rows: readonly HttpHeader[], secret: SecretLookup): Promise<Headers> {
  const headers: Record<string, string> = {};
  for (const { name, value, secretName } of rows) {
    const hidden = secretName === null ? '' : await requireSecret(secretName, secret);
    if (/[^\t\x20-\x7e\xa0-\xff]/.test(hidden))
      throw new InputError(
        'bad-value',
        `The secret ${secretName} cannot be in a header: expected one line of letters.`,
      );
    headers[name.toLowerCase()] = value.replaceAll(secretHole, () => hidden);
  }
  return headers;
}

/** What is trusted, and what is shown.
 *  @throws UnavailableError 'cannot-read-file'; InputError 'bad-certificate' */
export async function tlsOf({
  caFile,
  certFile,
  keyFile,
  checkCertificates,
}: HttpBridge['settings']): Promise<NonNullable<HttpCallerOptions['tls']>> {
  return {
    minVersion: 'TLSv1.2',
    rejectUnauthorized: checkCertificates,
    ...(caFile !== null && { ca: [...rootCertificates, ...(await readCertificates(caFile))] }),
    ...(certFile !== null && { cert: (await readCertificates(certFile)).join('\n') }),
    ...(keyFile !== null && { key: await readPrivateKey(keyFile) }),
  };
}
