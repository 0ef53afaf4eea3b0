import { rootCertificates } from 'node:tls';
import type { ClientOptions } from 'ws';
import { secretHole, type WebSocketSettings } from '../../contract/bridges/websocket.ts';
import { readCertificates, readPrivateKey } from '../../platform/pem-files.ts';
import { requireSecret } from '../../platform/require-secret.ts';

/** Everything that is said to a server, with the secret in its place. */
export interface WebSocketLogin {
  readonly url: string;
  readonly subprotocols: readonly string[];
  readonly options: Pick<ClientOptions, 'headers' | 'ca' | 'cert' | 'key' | 'minVersion'>;
  readonly hello: readonly string[];
  readonly heartbeat: { readonly message: string; readonly seconds: number } | null;
}

/** @throws UnavailableError 'cannot-read-file'; InputError 'unknown-id' for a secret that this machine does not have,
 *  'bad-certificate' */
export async function loginOf(
  settings: WebSocketSettings,
  secretOf: ((name: string) => Promise<string | undefined>) | undefined,
): Promise<WebSocketLogin> {
  const { url, subprotocols, secretName, caFile, certFile, keyFile, hello, heartbeat } = settings;
  const secret = secretName === null ? undefined : await requireSecret(secretName, secretOf);
  const ca = caFile === null ? undefined : await readCertificates(caFile);
  return {
    url: filled(url, secret && encodeURIComponent(secret)),
    subprotocols,
    options: {
      headers: headersOf(settings, secret),
      minVersion: 'TLSv1.2',
      ...(ca && { ca: [...rootCertificates, ...ca] }),
      ...(certFile !== null && { cert: (await readCertificates(certFile)).join('\n') }),
      ...(keyFile !== null && { key: await readPrivateKey(keyFile) }),
    },
    hello: hello.map((message) => filledMessage(message, secret)),
    heartbeat: heartbeat && { ...heartbeat, message: filledMessage(heartbeat.message, secret) },
  };
}

/** A secret that has no place of its own is a bearer token. [RFC 6750, 2.1] */
function headersOf(settings: WebSocketSettings, secret: string | undefined): Record<string, string> {
  const { url, headers, hello, heartbeat } = settings;
  const named = Object.entries(headers).map(([name, said]) => [name, filled(said, secret)] as const);
  const texts = [url, ...Object.values(headers), ...hello, heartbeat?.message ?? ''];
  const hasPlace =
    texts.some((said) => said.includes(secretHole)) || named.some(([name]) => /^authorization$/i.test(name));
  const bearer = secret === undefined || hasPlace ? {} : { Authorization: `Bearer ${secret}` };
  return { ...bearer, ...Object.fromEntries(named) };
}

/** In JSON it stands within quotation marks. */
function filledMessage(message: string, secret: string | undefined): string {
  const isJson = /^\s*[[{]/.test(message.replaceAll(secretHole, ''));
  return filled(message, secret !== undefined && isJson ? JSON.stringify(secret).slice(1, -1) : secret);
}

function filled(said: string, secret: string | undefined): string {
  return secret === undefined ? said : said.replaceAll(secretHole, () => secret);
}
