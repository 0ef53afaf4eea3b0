import { describe, expect, it } from 'vitest';
import { formatScope } from '../../src-main/contract/scope.ts';
import { hashOfToken } from '../../src-main/platform/cpsk.ts';
import { parseTokenFile, tokenLinesMax } from '../../src-main/platform/parse-token-file.ts';

const secret = 'cpsk_0123456789abcdef';

describe('token files', () => {
  it('[TK10] hold a token and its scopes a line, a token alone for everything, comments and empty lines', () => {
    const text = `\ufeff# the desk\r\n\r\n${secret} read:/a/**,w:/b\r\n  other-token-of-16  \n\tthe-third-one-16\tread:/a, read:/b # c\n`;
    const lines = parseTokenFile(text, 'tokens');
    expect(lines.map(({ line, hash, scopes }) => [line, hash, scopes.map(formatScope).join()])).toEqual([
      [3, hashOfToken(secret), 'read:/a/**,write:/b'],
      [4, hashOfToken('other-token-of-16'), 'admin:/**'],
      [5, hashOfToken('the-third-one-16'), 'read:/a,read:/b # c'],
    ]);
  });

  it('[TK10] take the tokens of all known generators', () => {
    const old = [`cpsk_${'0123456789abcdef'.repeat(2)}`, `cpsk_${'aZ09'.repeat(8)}`];
    expect(parseTokenFile(old.join('\n'), 'tokens').map(({ hash }) => hash)).toEqual(old.map(hashOfToken));
  });

  it.each([
    ['a short token', `# one\nsecret-of-15-le read:/a`, /line 2: a token has 16 to 1024 letters/],
    ['a long token', 's'.repeat(1025), /line 1: a token has 16 to 1024 letters/],
    ['a bad scope', `${secret} own:/a`, /line 1: behind the token stand scopes/],
    ['a bad scope among good ones', `\n${secret} read:/a,,read:/b`, /line 2: behind the token stand scopes/],
    ['scopes before the token', `read:/a/long/enough ${secret}`, /line 1: the token comes first/],
    ['two tokens on a line', `first-token-of-16 ${secret}`, /line 1: behind the token stand scopes/],
    ['a token twice', `${secret} read:/a\n# again\n${secret}`, /line 3: the token stands on line 1 already/],
    ['letters beyond ASCII', `${secret}ä`, /line 1: a token holds letters, digits and signs of ASCII/],
  ])('[TK11] refuse %s with the number of the line, and say nothing of what stands there', (_what, text, message) => {
    let refusal: unknown;
    try {
      parseTokenFile(text, 'tokens');
    } catch (error) {
      refusal = error;
    }
    expect(refusal).toMatchObject({ code: 'bad-token-file', message: expect.stringMatching(message) as string });
    const { message: told, details, cause } = refusal as Error & { details: object };
    const all = JSON.stringify([told, details, cause]);
    for (const word of text.split(/\s/).filter((each) => each.length > 8)) expect(all).not.toContain(word);
  });

  it('[TK11] hold at most 10 000 tokens', () => {
    const text = Array.from({ length: tokenLinesMax + 1 }, (_, index) => `${secret}-${index}`).join('\n');
    expect(() => parseTokenFile(text, 'tokens')).toThrow(/line 10001: at most 10000 tokens/);
  });
});
