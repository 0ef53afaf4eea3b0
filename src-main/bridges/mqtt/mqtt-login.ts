import { createHash } from 'node:crypto';
import { rootCertificates } from 'node:tls';
import type { IClientOptions } from 'mqtt';
import type { MqttBridge } from '../../contract/bridges/mqtt.ts';
import { readCertificates, readPrivateKey } from '../../platform/pem-files.ts';
import { requireSecret } from '../../platform/require-secret.ts';

/** As the library hands it on to Node's TLS. */
export type Login = IClientOptions & { readonly minVersion: 'TLSv1.2' };

/** What a bridge needs to know of this machine. */
export interface LoginNeeds {
  /** @throws UnavailableError 'cannot-read-file' */
  readonly secret?: ((name: string) => Promise<string | undefined>) | undefined;
  /** tells this machine from all others, also after a restart */
  readonly routerId?: string | undefined;
}

/** The name that a broker knows the bridge by: always the same, and another one on every machine, since a broker lets go of
 *  the one when the other comes. At most 23 letters [MQTT 3.1.1, 3.1.3.1]. */
export function clientIdOf({ id, settings }: MqttBridge, routerId = ''): string {
  if (settings.clientId !== '') return settings.clientId;
  return `flyrail-${createHash('sha256').update(`${routerId} ${id}`).digest('hex').slice(0, 12)}`;
}

/** Who it is, and what it trusts.
 *  @throws UnavailableError 'cannot-read-file'; InputError 'unknown-id' for a secret that this machine does not have,
 *  'bad-certificate' */
export async function loginOf({ settings }: MqttBridge, needs: LoginNeeds): Promise<Login> {
  const { user, secretName, caFile, certFile, keyFile } = settings;
  const password = secretName === null ? undefined : await requireSecret(secretName, needs.secret);
  const ca = caFile === null ? undefined : await readCertificates(caFile);
  return {
    minVersion: 'TLSv1.2',
    // [MQTT 3.1.1, 3.1.2-22] no password without a user.
    ...((user !== '' || password !== undefined) && { username: user }),
    ...(password !== undefined && { password }),
    ...(ca && { ca: [...rootCertificates, ...ca] }),
    ...(certFile !== null && { cert: (await readCertificates(certFile)).join('\n') }),
    ...(keyFile !== null && { key: await readPrivateKey(keyFile) }),
  };
}
