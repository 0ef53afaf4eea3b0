import { InputError } from '../contract/errors.ts';
import { pemBlocks } from './pem.ts';
import { readWholeFile } from './read-file.ts';

const pemBytesMax = 1024 * 1024;

/** All certificates in a PEM file.
 *  @throws UnavailableError 'cannot-read-file'; InputError 'bad-certificate' where it has none */
export async function readCertificates(path: string): Promise<string[]> {
  const found = pemBlocks((await readWholeFile(path, pemBytesMax)).toString('utf8'), 'CERTIFICATE');
  if (found.length === 0) throw new InputError('bad-certificate', `${path}: expected certificates in PEM.`, { path });
  return [...found];
}

/** The private key in a PEM file.
 *  @throws UnavailableError 'cannot-read-file'; InputError 'bad-certificate' where it has none */
export async function readPrivateKey(path: string): Promise<string> {
  const [key] = pemBlocks((await readWholeFile(path, pemBytesMax)).toString('utf8'), '[A-Z ]*PRIVATE KEY');
  if (key === undefined) throw new InputError('bad-certificate', `${path}: expected a private key in PEM.`, { path });
  return key;
}
