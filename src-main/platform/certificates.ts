import { createPrivateKey, X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { InputError, messageOf } from '../contract/errors.ts';
import { makeFolder } from './make-folder.ts';
import { makeAuthority, makeServerCertificate, type CertificatePair } from './certificate-maker.ts';
import { pemBlocks } from './pem.ts';
import { replaceFile } from './replace-file.ts';

/** A server certificate is made anew when it has less than this left. */
const renewBeforeMs = 30 * 86_400_000;
/** A clock that shows less was never set, as on small machines that have just been switched on. */
const clockIsSetFrom = Date.parse('2026-01-01T00:00:00Z');

export interface CertificatesOptions {
  /** folder of their own */
  readonly folder: string;
  /** what the authority is called, for people */
  readonly authorityName: string;
  /** DNS names and IP addresses by which this machine is dialled now */
  readonly names: readonly string[];
  /** milliseconds since the Unix epoch */
  readonly now: number;
}

/** What a TLS server of this machine shows, and who signed it. */
export interface Certificates {
  readonly server: CertificatePair;
  /** PEM; for other machines, so that they trust the server */
  readonly authority: string;
  /** whether the server's certificate was made just now: because there was none, it ends soon, or the machine has other names */
  readonly isNew: boolean;
}

/** Gives this machine's certificates, and makes what is missing or ends soon. Keys are readable by the owner alone.
 *  @throws InputError 'bad-certificate' for files that are no certificates: nothing is overwritten then
 *  @throws UnavailableError 'cannot-write-file' */
export async function openCertificates({
  folder,
  authorityName,
  now,
  ...options
}: CertificatesOptions): Promise<Certificates> {
  const names = options.names.filter(isCertifiable);
  makeFolder(folder);
  const { authorityFile, serverFile } = filesIn(folder);
  const known = readPair(authorityFile);
  if (known) checkAuthority(known, authorityFile);
  const authority = known && isGood(known, now) ? known : await kept(authorityFile, makeAuthority(authorityName, now));
  const standing = readPair(serverFile);
  if (standing && isGood(standing, now) && isSignedBy(standing, authority) && covers(standing, names))
    return { server: standing, authority: authority.cert, isNew: false };
  const server = await kept(serverFile, makeServerCertificate(authority, names, now));
  return { server, authority: authority.cert, isNew: true };
}

/** What was made before, whether it is still good. @returns undefined where nothing was
 *  @throws InputError 'bad-certificate' */
export function standingCertificates(folder: string): Pick<Certificates, 'server' | 'authority'> | undefined {
  const { authorityFile, serverFile } = filesIn(folder);
  if (!existsSync(serverFile)) return undefined;
  const [authority, server] = [authorityFile, serverFile].map((path) => readCertificate({ cert: path, key: path }));
  return authority && server && { server, authority: authority.cert };
}

function filesIn(folder: string): { readonly authorityFile: string; readonly serverFile: string } {
  return { authorityFile: join(folder, 'authority.pem'), serverFile: join(folder, 'server.pem') };
}

/** A certificate and key of the user's own, in two files or in one.
 *  @throws InputError 'bad-certificate' when a file cannot be read, or they do not belong together */
export function readCertificate(files: { readonly cert: string; readonly key: string }): CertificatePair {
  const where = files.cert === files.key ? files.cert : `${files.cert} and ${files.key}`;
  return parsePair(`${readPem(files.cert)}\n${files.cert === files.key ? '' : readPem(files.key)}`, where);
}

/** @returns undefined where the file is not there */
function readPair(path: string): CertificatePair | undefined {
  return existsSync(path) ? parsePair(readPem(path), path) : undefined;
}

function readPem(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new InputError('bad-certificate', `Cannot read ${path}: ${messageOf(cause)}.`, { path }, { cause });
  }
}

function parsePair(pem: string, where: string): CertificatePair {
  const [cert, key] = ['CERTIFICATE', '[A-Z ]*PRIVATE KEY'].map((kind) => pemBlocks(pem, kind).join('\n')) as [
    string,
    string,
  ];
  if (cert === '' || key === '')
    throw new InputError('bad-certificate', `${where}: expected a certificate and its private key in PEM.`, { where });
  if (!belongTogether({ cert, key }, where))
    throw new InputError('bad-certificate', `${where}: the key is not that of the certificate.`, { where });
  return { cert: `${cert}\n`, key: `${key}\n` };
}

function belongTogether({ cert, key }: CertificatePair, where: string): boolean {
  try {
    return new X509Certificate(cert).checkPrivateKey(createPrivateKey(key));
  } catch (cause) {
    throw new InputError('bad-certificate', `${where}: ${messageOf(cause)}.`, { where }, { cause });
  }
}

/** Both in one file: they are never half replaced. */
async function kept(path: string, making: Promise<CertificatePair>): Promise<CertificatePair> {
  const pair = await making;
  await replaceFile(path, pair.cert + pair.key, { isSecret: true });
  return pair;
}

/** What others trust is not thrown away because of a clock that was not set. */
function isGood({ cert }: CertificatePair, now: number): boolean {
  const { validFrom, validTo } = new X509Certificate(cert);
  const hasBegun = Date.parse(validFrom) <= now || now < clockIsSetFrom;
  return hasBegun && Date.parse(validTo) - now > renewBeforeMs;
}

/** It must be able to sign as those do that are made here. */
function checkAuthority({ cert, key }: CertificatePair, path: string): void {
  const { asymmetricKeyDetails } = createPrivateKey(key);
  if (new X509Certificate(cert).ca && asymmetricKeyDetails?.namedCurve === 'prime256v1') return;
  const expected = "expected an authority's certificate with a P-256 key. Move the file away, and one is made";
  throw new InputError('bad-certificate', `${path}: ${expected}.`, { path });
}

/** Certificates take letters of ASCII only, and nobody dials other names as they stand. */
function isCertifiable(name: string): boolean {
  return isIP(name) !== 0 || /^[a-z0-9_]([a-z0-9_.-]{0,251}[a-z0-9_])?$/i.test(name);
}

function isSignedBy({ cert }: CertificatePair, authority: CertificatePair): boolean {
  return new X509Certificate(cert).verify(new X509Certificate(authority.cert).publicKey);
}

function covers({ cert }: CertificatePair, names: readonly string[]): boolean {
  const certificate = new X509Certificate(cert);
  return names.every(
    (name) => (isIP(name) === 0 ? certificate.checkHost(name) : certificate.checkIP(name)) !== undefined,
  );
}
