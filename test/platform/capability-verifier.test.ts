import { createPrivateKey, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { encode } from '@msgpack/msgpack';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { formatScope, scopeContains } from '../../src-main/contract/scope.ts';
import { micros } from '../../src-main/contract/units.ts';
import {
  bytesOfProof,
  bytesOfToken,
  decodeCapability,
  encodeCapability,
  type CapabilityToken,
} from '../../src-main/platform/capability-token.ts';
import { chainScopesMax, createCapabilityVerifier } from '../../src-main/platform/capability-verifier.ts';
import type { Grant, TokenFault } from '../../src-main/ports/token-verifier.ts';
import { SimulatedClock } from '../simulated-clock.ts';
import { faultOf, granted, scopes, signingKey } from '../simulated-tokens.ts';

const vectors = z
  .object({
    now: z.number(),
    anchor: z.string(),
    accepted: z.record(
      z.string(),
      z.object({ token: z.string(), id: z.string(), proofIds: z.array(z.string()).optional() }),
    ),
    refused: z.record(z.string(), z.tuple([z.string(), z.string()])),
  })
  .parse(JSON.parse(readFileSync(join(import.meta.dirname, '../fixtures/capability-vectors.json'), 'utf8')));

function verifier(refuses: (id: string) => TokenFault | undefined = () => undefined) {
  const clock = new SimulatedClock(vectors.now * 1e6);
  const trustAnchors = [Buffer.from(vectors.anchor, 'hex')];
  return createCapabilityVerifier({ trustAnchors, audience: 'hall', clock, refuses });
}
const resultOf = (text: string, verify = verifier()): Grant | TokenFault => verify(text);
const good = (name: string): string => vectors.accepted[name]?.token ?? '';
/** The key that is this byte 32 times, as in the vectors. */
const keyOf = (byte: number) => {
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.alloc(32, byte)]);
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
};
const resigned = (token: CapabilityToken, byte: number): string =>
  encodeCapability({ ...token, signature: new Uint8Array(sign(null, bytesOfToken(token), keyOf(byte))) });

describe('capability tokens', () => {
  it.each(Object.entries(vectors.accepted))('[TK30] open what they say: %s of another maker', (_name, vector) => {
    const { id, proofIds } = vector;
    const result = granted(resultOf(vector.token));
    expect(result).toMatchObject({ id, name: '', constraints: [] });
    if (proofIds) expect(result.standsOn).toEqual(proofIds);
  });

  it('[TK30] end with the first of their steps', () => {
    const ends = ['root', 'chain-1', 'chain-2'].map((name) => granted(resultOf(good(name))).expiresAt);
    expect(ends).toEqual([3600, 3600, 1800].map((seconds) => micros((vectors.now + seconds) * 1e6)));
    expect(granted(resultOf(good('chain-2'))).scopes).toEqual(scopes('write:/desk/a/1'));
  });

  it.each(Object.entries(vectors.refused))('[TK31] are refused when forged: %s', (_name, [token, because]) => {
    expect(faultOf(resultOf(token))).toBe(because);
  });

  it('[TK31] for a router are refused by one that has no name', () => {
    const options = { trustAnchors: [Buffer.from(vectors.anchor, 'hex')], refuses: () => undefined };
    const verify = createCapabilityVerifier({ ...options, audience: undefined, clock: new SimulatedClock() });
    expect(faultOf(resultOf(good('root-audience'), verify))).toBe('wrong-audience');
    expect(faultOf(resultOf(good('root'), verify))).toBe('granted');
  });

  it('[TK31] whose last holder says that a proof is for one router, and names none, are refused', () => {
    const token = decodeCapability(good('chain-1'));
    if (!token) throw new Error('the vector is bad');
    const proofs = token.proofs.map((proof) => ({ ...proof, hasAudience: true }));
    expect(faultOf(resultOf(resigned({ ...token, proofs }, 2)))).toBe('malformed');
  });

  it('[TK31] of which any step was revoked are refused', () => {
    const { token, id, proofIds = [] } = vectors.accepted['chain-2'] ?? { token: '', id: '' };
    for (const each of [id, ...proofIds]) {
      const verify = verifier((asked) =>
        asked === each ? { because: 'revoked', message: 'The token was revoked.' } : undefined,
      );
      expect(faultOf(resultOf(token, verify))).toBe('revoked');
    }
    expect(proofIds).toHaveLength(2);
  });

  it('[TK31] whose chain is put together from two are refused', () => {
    const [one, two] = [decodeCapability(good('chain-2')), decodeCapability(good('chain-5'))];
    const second = one?.proofs[1];
    const first = two?.proofs[0];
    if (!one || !first || !second) throw new Error('the vectors are bad');
    // Both first proofs are of the trust anchor for the same key, and the second stays within either.
    expect(faultOf(resultOf(resigned({ ...one, proofs: [first, second] }, 3)))).toBe('bad-signature');
    expect(faultOf(resultOf(resigned(one, 3)))).toBe('granted');
  });

  it('[TK32] of which any bit was changed are refused', () => {
    let tried = 0;
    for (const name of ['root', 'root-spelled', 'chain-2', 'chain-audience']) {
      const bytes = Buffer.from(good(name).slice(4), 'base64url');
      const verify = verifier();
      for (let at = 0; at < bytes.length * 8; at++) {
        const changed = Buffer.from(bytes);
        changed[at >> 3] = (bytes[at >> 3] ?? 0) ^ (1 << (at & 7));
        if (faultOf(resultOf(`cap_${changed.toString('base64url')}`, verify)) === 'granted')
          throw new Error(`${name} with bit ${at} turned opens`);
        tried++;
      }
    }
    expect(tried).toBeGreaterThan(10_000);
  });

  it('[TK32] of which any letter was changed, added or left out are refused', () => {
    const letters = ['A', '_', '=', '\n', '8'];
    for (const name of ['root', 'chain-2']) {
      const text = good(name);
      const verify = verifier();
      for (let at = 0; at <= text.length; at++) {
        const others = letters
          .filter((each) => each !== text[at])
          .map((each) => text.slice(0, at) + each + text.slice(at + 1));
        const longer = letters.map((each) => text.slice(0, at) + each + text.slice(at));
        const opened = [...others, ...longer, text.slice(0, at)].find(
          (changed) => changed !== text && faultOf(resultOf(changed, verify)) === 'granted',
        );
        if (opened !== undefined) throw new Error(`${name} changed at letter ${at} opens: ${opened}`);
      }
    }
  });

  it('[TK32] with their parts put together anew are refused', () => {
    const tokens = Object.keys(vectors.accepted).map((name) => decodeCapability(good(name)));
    const part = fc.constantFrom(...tokens.flatMap((token) => (token ? [token] : [])));
    const mixed = fc.tuple(part, part, part, part, part, part);
    fc.assert(
      fc.property(mixed, ([issuer, audience, scopes, ends, proofs, signature]) => {
        const token: CapabilityToken = {
          ...{ issuer: issuer.issuer, audience: audience.audience, scopes: scopes.scopes, nonce: ends.nonce },
          ...{ expiresAt: ends.expiresAt, proofs: proofs.proofs, signature: signature.signature },
        };
        const text = encodeCapability(token);
        const isOne = Object.values(vectors.accepted).some((vector) => {
          const whole = decodeCapability(vector.token);
          return whole !== undefined && encodeCapability(whole) === text;
        });
        return (faultOf(resultOf(text)) === 'granted') === isOne;
      }),
      { numRuns: 500 },
    );
  });

  it('[TK33] allow nothing that a step before them did not', () => {
    const [anchor, middle] = [signingKey(), signingKey()];
    const segment = fc.constantFrom('a', 'b', '*', '**', 'a*');
    const pattern = fc.array(segment, { minLength: 1, maxLength: 3 }).map((parts) => `/${parts.join('/')}`);
    const scope = fc.tuple(fc.constantFrom('read', 'write', 'admin'), pattern).map((parts) => parts.join(':'));
    const list = fc.array(scope, { minLength: 1, maxLength: 3 });
    const clock = new SimulatedClock(vectors.now * 1e6);
    const options = { trustAnchors: [anchor.publicKey], audience: undefined, clock, refuses: () => undefined };
    const verify = createCapabilityVerifier(options);
    const seen = { granted: 0, refused: 0 };
    fc.assert(
      fc.property(list, list, (outer, inner) => {
        const ends = { expiresAt: vectors.now + 60, hasAudience: false };
        const link = { issuer: anchor.publicKey, scopes: outer, ...ends };
        const place = { delegate: middle.publicKey, audience: undefined, previous: undefined };
        const proof = { ...link, signature: sign(null, bytesOfProof(link, place), anchor.privateKey) };
        const body = { issuer: middle.publicKey, audience: undefined, scopes: inner, nonce: '', proofs: [proof] };
        const token = { ...body, expiresAt: vectors.now + 60 };
        const signature = new Uint8Array(sign(null, bytesOfToken(token), middle.privateKey));
        const result = faultOf(resultOf(encodeCapability({ ...token, signature }), verify));
        const isWithin = scopes(...inner).every((each) => scopes(...outer).some((wide) => scopeContains(wide, each)));
        seen[isWithin ? 'granted' : 'refused']++;
        return result === (isWithin ? 'granted' : 'too-wide');
      }),
      { numRuns: 1000 },
    );
    expect(Math.min(seen.granted, seen.refused)).toBeGreaterThan(50);
  });

  it('[TK36] of a chain have few scopes, which are short, so that nobody makes the router compare for long', () => {
    const token = decodeCapability(good('chain-1'));
    if (!token) throw new Error('the vector is bad');
    const many = (count: number) => Array.from({ length: count }, (_, index) => `read:/desk/${index}`);
    const long = (count: number) => `read:${'/a'.repeat(count)}`;
    const outcome = (list: readonly string[]) => faultOf(resultOf(resigned({ ...token, scopes: list }, 2)));
    expect([many(chainScopesMax), [long(16)]].map(outcome)).toEqual(['granted', 'granted']);
    expect([many(chainScopesMax + 1), [long(17)]].map(outcome)).toEqual(['malformed', 'malformed']);
    expect(outcome(['read:desk'])).toBe('malformed');
  });

  it('[TK36] of the largest size and depth are refused at once', () => {
    const headers = [0x81, 0x91, 0xdf, 0xdd].map((head) => Buffer.alloc(48_000, head));
    const claims = ['ddffffffff', 'dfffffffff', 'c6ffffffff', 'dbffffffff', 'c9ffffffff00', 'dd00ffffff'].map((hex) =>
      Buffer.from(hex, 'hex'),
    );
    const others = [{}, [], 1, null, { version: 1 }, { __proto__x: 1 }].map((value) => Buffer.from(encode(value)));
    for (const bytes of [...headers, ...claims, ...others, Buffer.alloc(0)])
      expect(faultOf(resultOf(`cap_${bytes.toString('base64url')}`))).toBe('malformed');
    expect(faultOf(resultOf(`cap_${'A'.repeat(70_000)}`))).toBe('malformed');
    const other = decodeCapability(good('root'));
    expect(other && other.scopes.map((each) => formatScope(scopes(each)[0]!))).toEqual(['admin:/**']);
  });
});
