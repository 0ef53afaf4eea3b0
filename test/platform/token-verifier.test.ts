import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { SignJWT } from 'jose';
import { describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { decodeDelegation, issueCapability, issueDelegation } from '../../src-main/platform/capability-issuer.ts';
import { publicKeyOf } from '../../src-main/platform/ed25519-keys.ts';
import { createSystemClock } from '../../src-main/platform/system-clock.ts';
import { createToken, revokeForeign, revokeTokens } from '../../src-main/platform/token-store.ts';
import { createTokenVerifier, type TokenVerifierOptions } from '../../src-main/platform/token-verifier.ts';
import { faultOf, granted, keptLog, scopes, signingKey } from '../simulated-tokens.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { until } from '../until.ts';

const secret = 'only-the-hall-knows-these-32-bytes';
const [anchor, crew] = [signingKey(), signingKey()];
const soon = Math.floor(Date.now() / 1000) + 3600;
const wanted = { name: 'Tom', scopes: scopes('read:/**'), constraints: [], expiresAt: null };

async function running(change: Partial<TokenVerifierOptions> = {}) {
  const folder = temporaryFolder();
  const [storePath, tokenFile, jwtKey] = ['tokens.json', 'people', 'jwt.key'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  writeFileSync(tokenFile, 'cap_of_the_old_desk read:/old\nnobody-guesses-me write:/file', { mode: 0o600 });
  writeFileSync(jwtKey, secret, { mode: 0o600 });
  const log = keptLog();
  const verifier = await createTokenVerifier({
    ...{ storePath, tokenFile, jwtKeys: [jwtKey], audience: 'hall', log, clock: createSystemClock() },
    trustAnchors: [Buffer.from(anchor.publicKey).toString('hex')],
    ...change,
  });
  onTestFinished(() => verifier.close());
  const revoked: string[] = [];
  const forget = verifier.onRevoked((id) => revoked.push(id));
  return { verifier, storePath, tokenFile, log, revoked, forget };
}
const jwt = (payload: Record<string, unknown> = {}, key = secret): Promise<string> =>
  new SignJWT({ aud: 'hall', jti: 'night-1', sf: { read: ['/jwt'] }, ...payload })
    .setProtectedHeader({ alg: 'HS256' })
    .sign(new TextEncoder().encode(key));
const issue = { key: anchor, parent: undefined, scopes: scopes('write:/cap'), audience: undefined, expiresAt: soon };

describe('the token verifier', () => {
  it('[TK40] knows each kind by its form, and answers at once where nothing is waited for', async () => {
    const { verifier, storePath } = await running();
    const { token, record } = await createToken(storePath, wanted, Date.now());
    await until('the key is known', () => !('because' in (verifier.verify(token) as object)));
    const capability = issueCapability(issue);
    expect(verifier.verify(token)).toMatchObject({ id: record.id, name: 'Tom' });
    expect(verifier.verify(capability.text)).toMatchObject({ id: capability.id, scopes: scopes('write:/cap') });
    expect(verifier.verify('nobody-guesses-me')).toMatchObject({
      name: 'people line 2',
      scopes: scopes('write:/file'),
    });
    expect(verifier.verify('cap_of_the_old_desk')).toMatchObject({ scopes: scopes('read:/old') });
    for (const text of [await jwt(), `ext_${await jwt()}`]) {
      const answer = verifier.verify(text);
      expect(answer).toBeInstanceOf(Promise);
      expect(await answer).toMatchObject({ id: 'jwt:night-1', scopes: scopes('read:/jwt') });
    }
    for (const text of [
      '',
      'cpsk_',
      'Cpsk_x',
      `ent_${capability.text.slice(4)}`,
      `ext_${token}`,
      `ext_${capability.text}`,
    ])
      expect(verifier.verify(text)).toMatchObject({ because: 'unknown' });
    expect(verifier.verify(`cpsk_${'x'.repeat(70_000)}`)).toMatchObject({ because: 'malformed' });
  });

  it('[TK40] refuses to begin with a key, anchor or file that is none', async () => {
    await expect(running({ jwtKeys: ['/nowhere'] })).rejects.toMatchObject({ code: 'bad-key' });
    await expect(running({ trustAnchors: ['abc'] })).rejects.toMatchObject({ code: 'bad-key' });
    await expect(running({ tokenFile: '/nowhere' })).rejects.toMatchObject({ code: 'cannot-read-file' });
  });

  it('[TK13] warns of a secret for JWTs that others may read, and of no public key', async () => {
    const folder = temporaryFolder();
    const [open, pem] = [join(folder, 'open'), join(folder, 'public.pem')];
    writeFileSync(open, secret, { mode: 0o644 });
    writeFileSync(pem, publicKeyOf(anchor.publicKey)?.export({ type: 'spki', format: 'pem' }) ?? '', { mode: 0o644 });
    const { log } = await running({ jwtKeys: [open, pem] });
    expect(log.lines).toEqual([expect.stringMatching(/^warn: others on this machine may read .*open/)]);
  });

  it('[TK40] takes no JWT and no capability token unless it was told whose', async () => {
    const { verifier } = await running({ jwtKeys: [], trustAnchors: [] });
    expect(faultOf(await verifier.verify(await jwt()))).toBe('unknown');
    expect(faultOf(await verifier.verify(issueCapability(issue).text))).toBe('unknown');
  });

  it('[TK7] [TK9] [TK35] tells of each that is revoked, also of proofs, and not after it was told to forget', async () => {
    const { verifier, storePath, revoked, forget } = await running();
    const { record } = await createToken(storePath, wanted, Date.now());
    const delegation = issueDelegation(issue, crew.publicKey);
    const child = issueCapability({ ...issue, key: crew, parent: decodeDelegation(delegation.text) });
    expect(granted(await verifier.verify(child.text))).toMatchObject({ id: child.id, standsOn: [delegation.id] });
    expect(granted(await verifier.verify(await jwt())).id).toBe('jwt:night-1');
    await revokeForeign(storePath, 'jwt:night-1', Date.now());
    await until('the JWT is told', () => revoked.includes('jwt:night-1'));
    await revokeForeign(storePath, delegation.id, Date.now());
    await until('the proof is told', () => revoked.includes(delegation.id));
    expect([await verifier.verify(await jwt()), verifier.verify(child.text)]).toMatchObject([
      { because: 'revoked' },
      { because: 'revoked' },
    ]);
    forget();
    await revokeTokens(storePath, ({ id }) => id === record.id, Date.now());
    const second = await running({ storePath });
    await revokeForeign(storePath, 'jwt:night-2', Date.now());
    await until('the other hears it', () => second.revoked.length > 0);
    expect([revoked, second.revoked]).toEqual([['jwt:night-1', delegation.id], ['jwt:night-2']]);
  });

  it('[TK8] refuses JWTs and capability tokens too while the store is damaged, for it may have revoked them', async () => {
    const { verifier, storePath, log } = await running();
    writeFileSync(storePath, '{');
    await until('it is logged', () => log.lines.some((line) => line.startsWith('error: token store')));
    const results = [await verifier.verify(await jwt()), verifier.verify(issueCapability(issue).text)];
    expect(results).toMatchObject([{ because: 'unknown' }, { because: 'unknown' }]);
    expect(verifier.verify('nobody-guesses-me')).toMatchObject({ name: 'people line 2' });
  });

  it('[TK41] never throws, and opens to nothing that is made up', async () => {
    const { verifier, log } = await running();
    const part = fc.string({
      unit: fc.constantFrom('a', 'B', '0', '-', '_', '.', '=', '+', '/', ' ', '\0', '\n', '\u{1f600}', '\ud800'),
    });
    const prefix = fc.constantFrom(
      '',
      'cpsk_',
      'cap_',
      'ext_',
      'ent_',
      'ext_cap_',
      'eyJhbGciOiJub25lIn0.',
      '__proto__',
    );
    const jwtLike = fc
      .tuple(fc.json(), fc.json(), part)
      .map(([head, body, end]) => [head, body, end].map((each) => Buffer.from(each).toString('base64url')).join('.'));
    const bytes = fc.uint8Array({ maxLength: 300 }).map((each) => Buffer.from(each).toString('base64url'));
    const text = fc.tuple(prefix, fc.oneof(part, jwtLike, bytes)).map((parts) => parts.join(''));
    await fc.assert(
      fc.asyncProperty(text, async (token) => faultOf(await verifier.verify(token)) !== 'granted'),
      { numRuns: 3000 },
    );
    expect(log.lines).toEqual([]);
  });

  it('[TK42] says nothing of a token, good or bad, in any message or line of the log', async () => {
    const { verifier, log, storePath, tokenFile } = await running({ audience: 'elsewhere' });
    const { token } = await createToken(storePath, { ...wanted, expiresAt: Date.now() - 1 }, Date.now());
    const child = issueCapability({ ...issue, audience: 'hall' });
    const fileSecret = 'a-new-secret-in-the-file';
    writeFileSync(tokenFile, `${fileSecret} no-scope-at-all`);
    await until('the fault is told', () => log.lines.length > 0);
    const tokens = [
      ...[token, `${token}x`, child.text, `${child.text.slice(0, -4)}AAAA`, 'a-secret-that-is-unknown', fileSecret],
      ...[await jwt(), `ext_${await jwt({ aud: 'elsewhere', sf: { read: ['no-pattern-secret'] } })}`],
      ...[
        await jwt({ aud: 'elsewhere' }, 'another-secret-of-32-bytes-or-more'),
        await jwt({ exp: 1, aud: 'elsewhere' }),
      ],
      await jwt({ aud: 'elsewhere', sf: { scopes: 'secretly:/a', only: 'secretly' } }),
    ];
    const faults = [];
    for (const each of tokens) faults.push(await verifier.verify(each));
    expect(faults.map(faultOf)).not.toContain('granted');
    const said = JSON.stringify([faults, log.lines]);
    const pieces = tokens.flatMap((each) => each.split(/[._]/)).filter((each) => each.length > 5);
    for (const piece of [...pieces, 'secretly', 'no-pattern-secret', 'no-scope-at-all', secret])
      expect(said).not.toContain(piece);
    expect(readFileSync(storePath, 'utf8')).not.toContain(token.slice(5));
    expect(z.array(z.object({ message: z.string().regex(/\.$/) })).safeParse(faults).success).toBe(true);
  });
});
