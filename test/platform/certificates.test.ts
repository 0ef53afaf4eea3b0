import 'reflect-metadata';
import { createPrivateKey, KeyObject, webcrypto, X509Certificate } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BasicConstraintsExtension, X509CertificateGenerator } from '@peculiar/x509';
import { describe, expect, it } from 'vitest';
import type { CertificatePair } from '../../src-main/platform/certificate-maker.ts';
import { openCertificates, readCertificate, type CertificatesOptions } from '../../src-main/platform/certificates.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const now = Date.parse('2026-11-22T12:00:00Z');
const day = 86_400_000;

/** As somebody else's tool may make one: signed by itself, with P-384. */
async function foreignAuthority(): Promise<string> {
  const keys = await webcrypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-384' }, true, ['sign', 'verify']);
  const cert = await X509CertificateGenerator.createSelfSigned({
    name: 'CN=own',
    notBefore: new Date(now - day),
    notAfter: new Date(now + 1000 * day),
    keys,
    signingAlgorithm: { name: 'ECDSA', hash: 'SHA-384' },
    extensions: [new BasicConstraintsExtension(true, 0, true)],
  });
  const key = KeyObject.from(keys.privateKey).export({ type: 'pkcs8', format: 'pem' });
  return `${cert.toString('pem')}\n${key.toString()}`;
}

function options(some: Partial<CertificatesOptions> = {}): CertificatesOptions {
  const folder = some.folder ?? join(temporaryFolder(), 'certificates');
  return { folder, authorityName: 'Flyrail on desk', names: ['desk.local', '10.0.0.5', '::1'], now, ...some };
}

describe('certificates of this machine', () => {
  it('[CT1] are made on first use: an authority that signs servers only, and a server with all names of the machine', async () => {
    const { server, authority, isNew } = await openCertificates(options());
    const [leaf, root] = [new X509Certificate(server.cert), new X509Certificate(authority)];
    expect(isNew).toBe(true);
    expect([root.ca, leaf.ca, leaf.verify(root.publicKey), root.verify(root.publicKey)]).toEqual([
      true,
      false,
      true,
      true,
    ]);
    expect(['desk.local', 'other.local'].map((name) => leaf.checkHost(name))).toEqual(['desk.local', undefined]);
    expect(['10.0.0.5', '::1', '10.0.0.6'].map((address) => leaf.checkIP(address))).toEqual([
      '10.0.0.5',
      '::1',
      undefined,
    ]);
    expect(root.subject).toContain('Flyrail on desk');
  });

  it('[CT2] are kept: the next start gives the same, whatever else it is called', async () => {
    const first = await openCertificates(options());
    const here = options();
    const again = await openCertificates(here);
    expect(again.authority).not.toBe(first.authority);
    const third = await openCertificates({ ...here, now: now + 300 * day });
    expect([third.server, third.authority, third.isNew]).toEqual([again.server, again.authority, false]);
  });

  it('[CT3] are made anew under the same authority when they end within a month, or the machine has another name', async () => {
    const here = options();
    const first = await openCertificates(here);
    const later = await openCertificates({ ...here, now: now + 370 * day });
    expect([later.isNew, later.authority === first.authority, later.server.cert === first.server.cert]).toEqual([
      true,
      true,
      false,
    ]);
    const moved = await openCertificates({ ...here, now: now + 370 * day, names: ['desk.local', '192.168.1.9'] });
    expect([moved.isNew, moved.authority === first.authority]).toEqual([true, true]);
    const less = await openCertificates({ ...here, now: now + 370 * day, names: ['desk.local'] });
    expect(less.isNew).toBe(false);
  });

  it('[CT4] have their keys readable by their owner alone', async () => {
    const here = options();
    await openCertificates(here);
    for (const file of ['authority.pem', 'server.pem'])
      expect(statSync(join(here.folder, file)).mode & 0o777).toBe(0o600);
  });

  it('[CT5] are never overwritten by what cannot be read, and it is said what was expected', async () => {
    const here = options();
    await openCertificates(here);
    const path = join(here.folder, 'authority.pem');
    writeFileSync(path, 'not a certificate');
    await expect(openCertificates(here)).rejects.toMatchObject({
      code: 'bad-certificate',
      message: `${path}: expected a certificate and its private key in PEM.`,
    });
    expect(readFileSync(path, 'utf8')).toBe('not a certificate');
  });
});

describe('certificates of a machine that is not as others', () => {
  it('[CT20] leave out names that no certificate holds, and are kept all the same', async () => {
    const here = options({ names: ['müllers desk', 'müllers desk.local', '10.0.0.5'] });
    const { server } = await openCertificates(here);
    expect(new X509Certificate(server.cert).subjectAltName).toBe('IP Address:10.0.0.5');
    expect((await openCertificates(here)).isNew).toBe(false);
  });

  it('[CT21] are kept while the clock was not set, and made anew where theirs was ahead', async () => {
    const here = options();
    const first = await openCertificates(here);
    const unset = await openCertificates({ ...here, now: Date.parse('1970-01-01T00:00:10Z') });
    expect([unset.isNew, unset.authority]).toEqual([false, first.authority]);
    const earlier = await openCertificates({ ...here, now: now - 100 * day });
    expect([earlier.isNew, earlier.authority === first.authority]).toEqual([true, false]);
  });

  it.each<[string, (own: CertificatePair) => Promise<string>]>([
    ['of another kind of key', foreignAuthority],
    ['of a server', async (own) => own.cert + own.key],
  ])('[CT5] are not made under the certificate %s', async (_what, content) => {
    const here = options();
    const { server } = await openCertificates(here);
    const path = join(here.folder, 'authority.pem');
    const written = await content(server);
    writeFileSync(path, written);
    await expect(openCertificates(here)).rejects.toMatchObject({
      code: 'bad-certificate',
      message: expect.stringContaining(`${path}: expected an authority's certificate with a P-256 key`) as string,
    });
    expect(readFileSync(path, 'utf8')).toBe(written);
  });

  it('[CT5] are made under an authority whose key stands there as OpenSSL writes it', async () => {
    const here = options();
    const { authority } = await openCertificates(here);
    const path = join(here.folder, 'authority.pem');
    const key = createPrivateKey(readFileSync(path, 'utf8')).export({ type: 'sec1', format: 'pem' }).toString();
    writeFileSync(path, authority + key);
    const moved = await openCertificates({ ...here, names: ['10.0.0.6'] });
    expect([moved.isNew, moved.authority]).toEqual([true, authority]);
  });
});

describe("a certificate of the user's own", () => {
  it('[CT6] is read from two files or one, and refused with a key that is not its own', async () => {
    const [mine, other] = [await openCertificates(options()), await openCertificates(options())];
    const folder = temporaryFolder();
    const file = (name: string, text: string): string => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    const [cert, key, foreign] = [
      file('cert.pem', mine.server.cert),
      file('key.pem', mine.server.key),
      file('other.pem', other.server.key),
    ];
    expect(readCertificate({ cert, key })).toEqual(mine.server);
    const both = file('both.pem', mine.server.key + mine.server.cert);
    expect(readCertificate({ cert: both, key: both })).toEqual(mine.server);
    for (const [files, words] of [
      [{ cert, key: foreign }, 'the key is not that of the certificate'],
      [{ cert, key: cert }, 'expected a certificate and its private key'],
      [{ cert: join(folder, 'none.pem'), key }, 'ENOENT'],
      [{ cert: file('torn.pem', mine.server.cert.replace(/M/g, 'N')), key }, 'torn.pem'],
    ] as const) {
      const read = (): unknown => readCertificate(files);
      expect(read).toThrow(
        expect.objectContaining({ code: 'bad-certificate', message: expect.stringContaining(words) as string }),
      );
    }
  });
});
