import { parseArgs } from 'node:util';
import { describe, expect, it } from 'vitest';
import { parseTokenFlags, tokenFlagOptions, tokenFlagsUsage, trustAnchorsMax } from '../../src-main/cli/token-flags.ts';

const parse = (...args: readonly string[]) =>
  parseTokenFlags(parseArgs({ args: [...args], strict: true, options: tokenFlagOptions }).values);

describe('flags that say who may connect', () => {
  it('[TK56] are none without flags: nobody is asked', () => {
    expect(parse()).toEqual({ auth: false, tokenFile: undefined, jwtKeys: [], audience: undefined, trustAnchors: [] });
  });

  it('[TK56] give one object with all that was named', () => {
    const keys = ['--jwt-key', 'old', '--jwt-key', 'new', '--trust-anchor', 'ab', '--trust-anchor', 'cd'];
    expect(parse('--auth', '--token-file', 'people', '--jwt-audience', 'hall', ...keys)).toEqual({
      ...{ auth: true, tokenFile: 'people', jwtKeys: ['old', 'new'], audience: 'hall', trustAnchors: ['ab', 'cd'] },
    });
  });

  it.each([['--auth'], ['--token-file', 'people'], ['--jwt-key', 'key'], ['--trust-anchor', 'ab']])(
    '[TK56] ask for tokens as soon as any is named: %s',
    (...args) => {
      expect(parse(...args).auth).toBe(true);
    },
  );

  it.each([
    [['--token-file', ''], '--token-file: expected a path.'],
    [['--jwt-key', 'a', '--jwt-key', ''], '--jwt-key: expected a path.'],
    [['--trust-anchor', ''], '--trust-anchor: expected a public key or a path.'],
    [['--jwt-audience', '', '--jwt-key', 'a'], '--jwt-audience: expected the name of this router.'],
    [['--jwt-audience', 'x'.repeat(129), '--jwt-key', 'a'], '--jwt-audience: at most 128 bytes.'],
    [['--jwt-audience', 'hall', '--auth'], '--jwt-audience: it goes with --jwt-key or --trust-anchor.'],
    [Array.from({ length: 17 }, () => ['--jwt-key', 'a']).flat(), '--jwt-key: at most 16 of them.'],
    [
      Array.from({ length: trustAnchorsMax + 1 }, () => ['--trust-anchor', 'a']).flat(),
      '--trust-anchor: at most 64 of them.',
    ],
  ])('[TK56] refuse %j', (args, message) => {
    expect(() => parse(...args)).toThrow(message);
  });

  it('[TK56] are all in the help text', () => {
    for (const flag of Object.keys(tokenFlagOptions)) expect(tokenFlagsUsage).toContain(`--${flag} `);
  });
});
