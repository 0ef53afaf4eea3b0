import { describe, expect, it } from 'vitest';
import {
  decodeDelegation,
  issueCapability,
  issueDelegation,
  type Delegation,
  type Issue,
} from '../../src-main/platform/capability-issuer.ts';
import { proofsMax } from '../../src-main/platform/capability-token.ts';
import { createCapabilityVerifier } from '../../src-main/platform/capability-verifier.ts';
import { micros } from '../../src-main/contract/units.ts';
import { SimulatedClock } from '../simulated-clock.ts';
import { faultOf, granted, scopes, signingKey } from '../simulated-tokens.ts';

const [anchor, crew, desk] = [signingKey(), signingKey(), signingKey()];
const clock = new SimulatedClock();
const now = clock.nowMicros() / 1e6;
const issue = (change: Partial<Issue>): Issue => ({
  ...{ key: anchor, parent: undefined, scopes: scopes('write:/a/**'), audience: undefined, expiresAt: now + 60 },
  ...change,
});
const delegated = (change: Partial<Issue>, delegate = crew.publicKey): Delegation =>
  decodeDelegation(issueDelegation(issue(change), delegate).text);
const verify = (text: string, audience?: string) => {
  const options = { trustAnchors: [anchor.publicKey], audience, clock, refuses: () => undefined };
  return createCapabilityVerifier(options)(text);
};

describe('making capability tokens', () => {
  it('[TK37] makes tokens that open what they say, from a trusted key and from those that it trusts', () => {
    const { text, id } = issueCapability(issue({}));
    expect(granted(verify(text))).toMatchObject({ id, scopes: scopes('write:/a/**') });
    const parent = delegated({ scopes: scopes('write:/a/**', 'read:/**') });
    const child = issueCapability(issue({ key: crew, parent, scopes: scopes('read:/b', 'write:/a/1') }));
    expect(granted(verify(child.text)).scopes).toEqual(scopes('read:/b', 'write:/a/1'));
    const further = decodeDelegation(issueDelegation(issue({ key: crew, parent }), desk.publicKey).text);
    const last = issueCapability(issue({ key: desk, parent: further, scopes: scopes('read:/a/x') }));
    expect(granted(verify(last.text)).id).toBe(last.id);
  });

  it('[TK37] makes two tokens of the same rights that are revoked one by one', () => {
    expect(issueCapability(issue({})).id).not.toBe(issueCapability(issue({})).id);
  });

  it('[TK37] cuts the end to that of the parent, and keeps its router', () => {
    const parent = delegated({ expiresAt: now + 30, audience: 'hall' });
    const child = issueCapability(issue({ key: crew, parent }));
    expect(child.expiresAt).toBe(now + 30);
    expect([faultOf(verify(child.text)), faultOf(verify(child.text, 'hall'))]).toEqual(['wrong-audience', 'granted']);
    expect(granted(verify(child.text, 'hall')).expiresAt).toBe(micros((now + 30) * 1e6));
  });

  it('[TK37] goes as deep as five steps before the token', () => {
    const keys = [anchor, ...Array.from({ length: proofsMax }, signingKey)];
    let parent: Delegation | undefined;
    for (let step = 0; step < proofsMax; step++)
      parent = decodeDelegation(issueDelegation(issue({ key: keys[step]!, parent }), keys[step + 1]!.publicKey).text);
    const last = issue({ key: keys[proofsMax]!, parent });
    expect(faultOf(verify(issueCapability(last).text))).toBe('granted');
    expect(() => issueDelegation(last, crew.publicKey)).toThrow(/at most 5 steps/);
  });

  it('[TK37] refuses what the parent does not allow', () => {
    const parent = delegated({ audience: 'hall' });
    const make = (change: Partial<Issue>) => () => issueCapability(issue({ key: crew, parent, ...change }));
    expect(make({ scopes: scopes('write:/a/1', 'read:/b') })).toThrow(/does not allow read:\/b/);
    expect(make({ scopes: scopes('admin:/a/1') })).toThrow(/does not allow admin:\/a\/1/);
    expect(make({ key: desk })).toThrow(/for another key/);
    expect(make({ audience: 'elsewhere' })).toThrow(/for another router/);
    expect(faultOf(verify(make({ audience: 'hall' })().text, 'hall'))).toBe('granted');
  });

  it('[TK37] takes no parent of which any bit was changed, and none that is a token', () => {
    const { text } = issueDelegation(issue({ audience: 'hall' }), crew.publicKey);
    const bytes = Buffer.from(text.slice('capd_'.length), 'base64url');
    for (let at = 0; at < bytes.length * 8; at++) {
      const changed = Buffer.from(bytes);
      changed[at >> 3] = (bytes[at >> 3] ?? 0) ^ (1 << (at & 7));
      expect(() => decodeDelegation(`capd_${changed.toString('base64url')}`)).toThrow(/--parent: /);
    }
    for (const other of [issueCapability(issue({})).text, 'capd_', '', `${text}A`, text.replace('capd_', 'cap_')])
      expect(() => decodeDelegation(other)).toThrow(/--parent: expected capd_/);
    expect(faultOf(verify(text))).toBe('malformed');
  });
});
