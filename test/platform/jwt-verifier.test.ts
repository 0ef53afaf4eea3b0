import { generateKeyPairSync } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { micros } from '../../src-main/contract/units.ts';
import { readJwtKeys, type JwtKey } from '../../src-main/platform/jwt-keys.ts';
import { createJwtVerifier, type JwtVerifierOptions } from '../../src-main/platform/jwt-verifier.ts';
import { SimulatedClock } from '../simulated-clock.ts';
import { oneOf, seededChance, wholeNumber } from '../seeded-chance.ts';
import { faultOf, granted, scopes } from '../simulated-tokens.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const vectors = z
  .object({
    now: z.number(),
    secret: z.string(),
    publicPem: z.string(),
    jwk: z.looseObject({}),
    tokens: z.record(z.string(), z.string()),
  })
  .parse(JSON.parse(readFileSync(join(import.meta.dirname, '../fixtures/jwt-vectors.json'), 'utf8')));

const keysIn = (text: string): readonly JwtKey[] => {
  const path = join(temporaryFolder(), 'key');
  writeFileSync(path, text);
  return readJwtKeys(path);
};
const [secret, pem, jwk] = [vectors.secret, vectors.publicPem, JSON.stringify(vectors.jwk)].map(keysIn);
const both = [...(secret ?? []), ...(pem ?? [])];
const token = (name: string): string => vectors.tokens[name] ?? '';
const verifier = (change: Partial<JwtVerifierOptions> = {}) =>
  createJwtVerifier({
    ...{ keys: both, audience: undefined, refuses: () => undefined },
    clock: new SimulatedClock(vectors.now * 1e6),
    ...change,
  });
const made = (payload: Record<string, unknown>): Promise<string> =>
  new SignJWT({ sf: { read: ['/a'] }, ...payload })
    .setProtectedHeader({ alg: 'HS256' })
    .sign(new TextEncoder().encode(vectors.secret));

describe('JWTs', () => {
  it.each(['hs256', 'eddsa', 'eddsa-kid', 'aud-list'])(
    '[TK20] open what their claims say: %s of PyJWT',
    async (name) => {
      expect(granted(await verifier({ audience: 'hall' })(token(name)))).toEqual({
        id: 'jwt:night-1',
        name: 'tom',
        scopes: scopes('read:/**', 'write:/desk/**'),
        constraints: [{ pattern: '/desk/**', range: [0, 1], maxRate: 30 }],
        expiresAt: micros((vectors.now + 3630) * 1e6),
      });
    },
  );

  it('[TK20] of the form clasp do too, and one without exp does not end', async () => {
    const grant = granted(await verifier()(token('clasp')));
    expect(grant.scopes).toEqual(scopes('admin:/c', 'read:/a/**', 'write:/b'));
    expect(granted(await verifier()(token('no-end'))).expiresAt).toBeUndefined();
    const never = granted(await verifier()(await made({ exp: 99_999_999_999 })));
    expect(never.expiresAt).toBe(Number.MAX_SAFE_INTEGER);
  });

  it.each(['none', 'rs256', 'hs512', 'other-secret', 'confused-pem', 'confused-pem-trimmed', 'confused-raw'])(
    '[TK21] of another algorithm or key are refused: %s',
    async (name) => {
      expect(faultOf(await verifier()(token(name)))).toBe('bad-signature');
      expect(faultOf(await verifier({ keys: pem ?? [] })(token(name)))).toBe('bad-signature');
    },
  );

  it('[TK21] of a key are refused where that key is not given, and all where none is', async () => {
    expect(faultOf(await verifier({ keys: pem ?? [] })(token('hs256')))).toBe('bad-signature');
    expect(faultOf(await verifier({ keys: secret ?? [] })(token('eddsa')))).toBe('bad-signature');
    expect(faultOf(await verifier({ keys: [] })(token('eddsa')))).toBe('unknown');
  });

  it.each([
    ['expired', 'expired'],
    ['just-expired', 'granted'],
    ['not-yet', 'not-yet'],
    ['issued-later', 'not-yet'],
  ])('[TK22] count with 30 s on either side, and no more: %s is %s', async (name, expected) => {
    expect(faultOf(await verifier()(token(name)))).toBe(expected);
  });

  it('[TK22] end for the router when they are refused: at exp and 30 s', async () => {
    const clock = new SimulatedClock(vectors.now * 1e6);
    const verify = verifier({ clock });
    const { expiresAt } = granted(await verify(token('eddsa')));
    clock.jump(((expiresAt ?? 0) - clock.nowMicros()) / 1000 - 1000);
    expect(faultOf(await verify(token('eddsa')))).toBe('granted');
    clock.jump(1000);
    expect(faultOf(await verify(token('eddsa')))).toBe('expired');
  });

  it('[TK22] with times that are none are refused', async () => {
    for (const times of [{ exp: 'never' }, { iat: '1' }, { nbf: [] }, { exp: null }])
      expect(faultOf(await verifier()(await made(times)))).toBe('malformed');
  });

  it('[TK23] are for the audience of the router where it has one', async () => {
    const hall = verifier({ audience: 'hall' });
    expect(faultOf(await hall(token('aud-other')))).toBe('wrong-audience');
    expect(faultOf(await hall(token('clasp')))).toBe('granted');
    expect(faultOf(await hall(await made({})))).toBe('wrong-audience');
    expect(faultOf(await hall(await made({ aud: ['a', 'b'] })))).toBe('wrong-audience');
    expect(faultOf(await verifier()(token('aud-other')))).toBe('granted');
  });

  it('[TK24] that name a key are checked with that one, and those without a name with all', async () => {
    const { publicKey } = generateKeyPairSync('ed25519');
    const other = keysIn(JSON.stringify({ ...publicKey.export({ format: 'jwk' }), kid: '2025' }));
    const rotated = [...other, ...(jwk ?? [])];
    expect(faultOf(await verifier({ keys: rotated })(token('eddsa-kid')))).toBe('granted');
    expect(faultOf(await verifier({ keys: rotated })(token('eddsa')))).toBe('granted');
    const renamed = keysIn(JSON.stringify({ ...vectors.jwk, kid: '2027' }));
    expect(faultOf(await verifier({ keys: renamed })(token('eddsa-kid')))).toBe('bad-signature');
    expect(faultOf(await verifier({ keys: renamed })(token('eddsa')))).toBe('granted');
  });

  it('[TK27] are revoked by their jti, and without one by what was signed', async () => {
    const asked: string[] = [];
    const refuses: JwtVerifierOptions['refuses'] = (id) => {
      asked.push(id);
      return { because: 'revoked', message: 'The token was revoked.' };
    };
    expect(faultOf(await verifier({ refuses })(token('eddsa')))).toBe('revoked');
    expect(faultOf(await verifier({ refuses })(token('no-end')))).toBe('revoked');
    const { id } = granted(await verifier()(token('no-end')));
    expect(asked).toEqual(['jwt:night-1', id]);
    expect(id).toMatch(/^jwt:[0-9a-f]{32}$/);
  });

  it('[TK27] with a jti that no command line could name are refused', async () => {
    for (const jti of ['', ' ', 'a b', 'a\n', 'ä', 'x'.repeat(129), 7])
      expect(faultOf(await verifier()(await made({ jti })))).toBe('malformed');
  });

  it('[TK26] whose claims are not understood are refused, in words without anything of the token', async () => {
    const result = await verifier()(await made({ sf: { read: ['/a'], only: ['secretly'] } }));
    expect(result).toMatchObject({ because: 'malformed' });
    expect(JSON.stringify(result)).not.toContain('secretly');
  });

  it('[TK29] of which any letter of the header, claims or signature was changed are refused', async () => {
    const seed = Math.floor(Math.random() * 2 ** 32);
    const chance = seededChance(seed);
    const letters = Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ ');
    const verify = verifier();
    for (const name of ['hs256', 'eddsa']) {
      const good = token(name);
      // The last letter of a signature holds bits that mean nothing.
      for (let at = 0; at < good.length - 1; at++) {
        const changed =
          good.slice(0, at) +
          oneOf(
            chance,
            letters.filter((each) => each !== good[at]),
          ) +
          good.slice(at + 1);
        const result = faultOf(await verify(changed));
        if (result === 'granted') throw new Error(`seed ${seed}: ${name} with another letter ${at} opens`);
      }
      for (let run = 0; run < 200; run++) {
        const [from, to] = [wholeNumber(chance, 0, good.length), wholeNumber(chance, 0, good.length)];
        const cut = good.slice(0, Math.min(from, to)) + good.slice(Math.max(from, to) + 1);
        expect([seed, cut, faultOf(await verify(cut))]).not.toEqual([seed, cut, 'granted']);
      }
    }
  });
});
