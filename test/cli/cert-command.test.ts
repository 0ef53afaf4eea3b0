import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../temporary-folder.ts';
import { runCli } from './run-cli.ts';

interface Told {
  readonly authority: { readonly subject: string; readonly fingerprint: string };
  readonly server: { readonly names: readonly string[]; readonly fingerprint: string };
}

describe('flyrail cert', () => {
  it('[CT8] create makes what is missing, show tells it, export-ca gives the certificate and no key', async () => {
    const data = temporaryFolder();
    const none = await runCli(...['cert', 'show', '--data', data]);
    expect([none.code, none.stderr.includes('flyrail cert create makes them')]).toEqual([2, true]);
    const made = await runCli(...['cert', 'create', '--json', '--data', data]);
    expect([made.code, made.stderr]).toEqual([0, '']);
    const told = JSON.parse(made.stdout) as Told;
    expect(told.authority.subject).toMatch(/^Flyrail on /);
    expect(told.server.names).toEqual(expect.arrayContaining(['localhost', '127.0.0.1']));
    const again = await runCli(...['cert', 'create', '--json', '--data', data]);
    expect(again.stdout).toBe(made.stdout);
    const shown = await runCli(...['cert', 'show', '--data', data]);
    expect(shown.stdout).toContain(told.server.fingerprint);
    const printed = await runCli(...['cert', 'export-ca', '--data', data]);
    expect(printed.stdout).toMatch(/^-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n$/);
    const out = join(data, 'ca.pem');
    expect((await runCli(...['cert', 'export-ca', '--out', out, '--data', data])).code).toBe(0);
    expect(readFileSync(out, 'utf8')).toBe(printed.stdout);
  });

  it.each([
    [[], 'expected one of create, show, export-ca, found nothing'],
    [['steal'], 'expected one of create, show, export-ca, found steal'],
    [['show', 'all'], 'found show all'],
    [['show', '--out', 'x'], '--out goes with export-ca'],
    [['show', '--key'], '--key'],
    [['export-ca', '--out', ''], '--out: expected a path'],
  ])('[CT8] refuses %j and says what was expected', async (args, words) => {
    const data = temporaryFolder();
    const { code, stderr } = await runCli(...['cert', ...args, '--data', data]);
    expect([code, stderr.includes(words)]).toEqual([2, true]);
    expect(existsSync(join(data, 'certificates'))).toBe(false);
  });

  it('[CT8] refuses an empty data folder, which would be the working directory', async () => {
    const { code, stderr } = await runCli('cert', 'show', '--data', '');
    expect([code, stderr.includes('--data: expected a path')]).toEqual([2, true]);
  });
});
