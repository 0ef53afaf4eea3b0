import { describe, expect, it } from 'vitest';
import { rightsOfClaims } from '../../src-main/platform/jwt-claims.ts';
import { scopes } from '../simulated-tokens.ts';

const rights = (json: string) => rightsOfClaims(JSON.parse(json) as Record<string, unknown>);

describe('claims of JWTs', () => {
  it.each([
    ['{"sf":{"read":["/a/**"],"write":["/b"],"admin":["/c"]}}', ['read:/a/**', 'write:/b', 'admin:/c']],
    ['{"clasp":{"scopes":["read:/a","w:/b"]}}', ['read:/a', 'write:/b']],
    ['{"clasp":{"scope":"read:/a, w:/b"}}', ['read:/a', 'write:/b']],
    ['{"sf":{"read":["/a"],"scopes":"read:/b","scope":["*:/c"]}}', ['read:/a', 'read:/b', 'admin:/c']],
    ['{"sf":{}}', []],
    ['{"sf":{"scopes":""}}', []],
    ['{"sf":{"read":["/a"]},"clasp":{"scopes":["r:/a"]}}', ['read:/a']],
  ])('[TK25] %s allow what they say', (json, expected) => {
    expect(rights(json).scopes).toEqual(scopes(...expected));
  });

  it('[TK25] bound numbers and rates where a pattern covers them', () => {
    const json =
      '{"sf":{"constraints":{"/a/**":{"range":[-1,0.5]},"/b":{"maxRate":0.5},"/c":{"range":[0,0],"maxRate":9}}}}';
    expect(rights(json).constraints).toEqual([
      { pattern: '/a/**', range: [-1, 0.5] },
      { pattern: '/b', maxRate: 0.5 },
      { pattern: '/c', range: [0, 0], maxRate: 9 },
    ]);
  });

  it.each([
    ['neither claim', '{"read":["/a"]}', /Expected the claim sf or clasp/],
    ['an inherited claim', '{"__proto__":{"sf":{"read":["/a"]}}}', /Expected the claim sf or clasp/],
    ['two claims that differ', '{"sf":{"read":["/a"]},"clasp":{"read":["/a/**"]}}', /sf and clasp differ/],
    ['two that differ in a bound', '{"sf":{"constraints":{"/a":{"maxRate":1}}},"clasp":{}}', /sf and clasp differ/],
    ['a claim that is null', '{"sf":null}', /and nothing else/],
    ['a claim that is a list', '{"sf":["read:/a"]}', /and nothing else/],
    ['a member that is not known', '{"sf":{"read":["/a"],"constraint":{}}}', /and nothing else/],
    ['a member called __proto__', '{"sf":{"read":["/a"],"__proto__":{"range":[0,1]}}}', /and nothing else/],
    ['a pattern in place of a list', '{"sf":{"read":"/a"}}', /and nothing else/],
    ['a number among patterns', '{"sf":{"read":["/a",1]}}', /and nothing else/],
    ['a bad pattern', '{"sf":{"read":["a"]}}', /starts with a slash/],
    ['a pattern with an action', '{"sf":{"read":["/a,admin:/**"],"write":["x:/a"]}}', /starts with a slash/],
    ['a bad scope', '{"sf":{"scopes":"own:/a"}}', /A scope is read, write or admin/],
    ['too many scopes', `{"sf":{"read":[${'"/a",'.repeat(64)}"/a"]}}`, /nothing else/],
    ['too many in all', `{"sf":{"read":[${'"/a",'.repeat(63)}"/a"],"write":["/a"]}}`, /at most 64 scopes/],
    ['constraints as a list', '{"sf":{"constraints":[{"range":[0,1]}]}}', /and nothing else/],
    [
      'a bound that is not known',
      '{"sf":{"constraints":{"/a":{"range":[0,1],"minRate":1}}}}',
      /a constraint has range/,
    ],
    ['a bound of nothing', '{"sf":{"constraints":{"/a":{}}}}', /a constraint has range/],
    ['a bound that is null', '{"sf":{"constraints":{"/a":null}}}', /a constraint has range/],
    ['a range upside down', '{"sf":{"constraints":{"/a":{"range":[1,0]}}}}', /a constraint has range/],
    ['a range of three', '{"sf":{"constraints":{"/a":{"range":[0,1,2]}}}}', /a constraint has range/],
    ['a range without end', '{"sf":{"constraints":{"/a":{"range":[0,1e999]}}}}', /a constraint has range/],
    ['no rate', '{"sf":{"constraints":{"/a":{"maxRate":0}}}}', /a constraint has range/],
    ['a rate in words', '{"sf":{"constraints":{"/a":{"maxRate":"30"}}}}', /a constraint has range/],
    ['a bad pattern of a bound', '{"sf":{"constraints":{"a":{"maxRate":1}}}}', /starts with a slash/],
    ['a bound of __proto__', '{"sf":{"constraints":{"__proto__":{"maxRate":1}}}}', /starts with a slash/],
    [
      'too many bounds',
      `{"sf":{"constraints":{${Array.from({ length: 65 }, (_, index) => `"/${index}":{"maxRate":1}`).join()}}}}`,
      /at most 64 constraints/,
    ],
  ])('[TK26] are refused whole with %s', (_what, json, message) => {
    expect(() => rights(json)).toThrow(
      expect.objectContaining({ code: 'bad-token', message: expect.stringMatching(message) as string }) as Error,
    );
  });
});
