import { X509Certificate } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openCertificates, readCertificate, type CertificatesOptions } from '../../src-main/platform/certificates.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const now = Date.parse('2026-11-22T12:00:00Z');
const day = 86_400_000;

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
