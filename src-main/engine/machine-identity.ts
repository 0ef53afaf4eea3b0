import { hostname } from 'node:os';
import { microsToMillis } from '../contract/units.ts';
import type { CertificatePair } from '../platform/certificate-maker.ts';
import type { Certificates } from '../platform/certificates.ts';
import { listNetworkCards } from '../platform/network-interfaces.ts';
import type { Clock } from '../ports/clock.ts';
import type { TransportNeeds } from '../transports/catalogue.ts';

/** What is shown to who dials this machine with TLS. */
export type MachineIdentity = TransportNeeds['identityOf'];

/** This machine's own certificate is made on first use.
 *  @param folder where this machine's certificates are kept */
export function createMachineIdentity(folder: string, clock: Clock): MachineIdentity {
  let own: Promise<CertificatePair> | undefined;
  return async ({ cert, key }) => {
    if (cert !== undefined && key !== undefined) return (await certificates()).readCertificate({ cert, key });
    own ??= openMachineCertificates(folder, microsToMillis(clock.nowMicros())).then(({ server }) => server);
    return own;
  };
}

/** The certificates of this machine under all the names that it has now. @param now milliseconds since the Unix epoch */
export async function openMachineCertificates(folder: string, now: number): Promise<Certificates> {
  const name = hostname().toLowerCase();
  // Link-local addresses change, and nobody dials them without their card.
  const addresses = listNetworkCards()
    .map(({ address }) => address)
    .filter((address) => !/^fe80:/i.test(address));
  const names = [...new Set([name, `${name}.local`, 'localhost', '127.0.0.1', '::1', ...addresses])];
  return (await certificates()).openCertificates({ folder, authorityName: `Flyrail on ${name}`, names, now });
}

/** Loaded when TLS is used. */
function certificates() {
  return import('../platform/certificates.ts');
}
