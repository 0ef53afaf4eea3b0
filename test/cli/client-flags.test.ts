import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { exitCode } from '../../src-main/cli/command-io.ts';
import { parseRouterFlags } from '../../src-main/cli/client-flags.ts';
import { getUsage } from '../../src-main/cli/get-command.ts';
import { parsePubFlags, pubUsage } from '../../src-main/cli/pub-flags.ts';
import { parseReplayFlags, replayUsage } from '../../src-main/cli/replay-flags.ts';
import { parseSubFlags, subUsage } from '../../src-main/cli/sub-flags.ts';
import { topUsage } from '../../src-main/cli/top-command.ts';
import { makeAuthority } from '../../src-main/platform/certificate-maker.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { runCli } from './run-cli.ts';

describe('flags of the clients', () => {
  it('[CL1] has defaults that work on one machine', () => {
    const router = { url: 'ws://127.0.0.1:7330/clasp', token: undefined, authorities: [] };
    expect(parsePubFlags(['/a', '1'])).toEqual({
      ...router,
      qos: 'confirm',
      signal: { kind: 'param', address: '/a', value: { type: 'f64', value: 1 } },
    });
    expect(parseSubFlags(['/a/**'])).toEqual({
      ...router,
      pattern: '/a/**',
      json: false,
      count: undefined,
      timeoutMs: undefined,
      past: {},
    });
    expect(parseRouterFlags({ url: 'wss://desk.local', token: 't' })).toEqual({
      url: 'wss://desk.local',
      token: 't',
      authorities: [],
    });
  });

  it('[CL402] takes the token of the environment where no flag gives one', () => {
    expect(parseRouterFlags({}, { FLYRAIL_TOKEN: 'kept' }).token).toBe('kept');
    expect(parseRouterFlags({ token: 'typed' }, { FLYRAIL_TOKEN: 'kept' }).token).toBe('typed');
    expect(() => parseRouterFlags({}, { FLYRAIL_TOKEN: '' })).toThrow('FLYRAIL_TOKEN: expected a token.');
  });

  it('[CL1] takes every flag, wherever it stands, and negative numbers as values', () => {
    expect(parsePubFlags(['--qos', 'commit', '/a', '-0.5', '--signal=event', '--token', 't'])).toMatchObject({
      qos: 'commit',
      token: 't',
      signal: { kind: 'event', value: { type: 'f64', value: -0.5 } },
    });
    expect(parsePubFlags(['/a', '--', '--help'])).toMatchObject({
      signal: { value: { type: 'string', value: '--help' } },
    });
    expect(parseSubFlags(['--json', '/a', '--count', '3', '--timeout', '.5'])).toMatchObject({
      json: true,
      count: 3,
      timeoutMs: 500,
    });
  });

  it('[CT22] trusts every authority in the file, whatever stands between them', async () => {
    const authorities = await Promise.all(['one', 'two'].map((name) => makeAuthority(name, Date.now())));
    const ca = join(temporaryFolder(), 'ca.pem');
    writeFileSync(ca, authorities.map(({ cert }) => `a name\n${cert}`).join('\n'));
    expect(parseRouterFlags({ ca }).authorities).toEqual(authorities.map(({ cert }) => cert));
    writeFileSync(ca, authorities[0]?.key ?? '');
    expect(() => parseRouterFlags({ ca })).toThrow('expected a file with certificates in PEM (there is none)');
  });

  it('[CL85] takes how much of the past sub asks for', () => {
    expect(parseSubFlags(['/a', '--history', '10', '--window', '60000'])?.past).toEqual({
      history: 10,
      window: 60_000,
    });
    expect(parseSubFlags(['/a', '--window', '4294967295'])?.past).toEqual({ window: 4_294_967_295 });
    expect(parseSubFlags(['/a'])?.past).toEqual({});
  });

  it('[CL138] takes times of a replay beside their flags', () => {
    expect(parseReplayFlags(['/a', '--from', '-10m', '--to=-1s', '--limit', '5'])).toMatchObject({
      from: { beforeNow: 600_000_000 },
      to: { beforeNow: 1_000_000 },
      limit: 5,
      json: false,
    });
    expect(parseReplayFlags(['--json', '/a'])).toMatchObject({ from: undefined, limit: undefined, json: true });
  });

  it.each([
    [['replay'], 'expected PATTERN'],
    [['replay', '/a', '/b'], 'found /b too (quote a pattern'],
    [['replay', '/a', '--from', '-10w'], '--from -10w: expected a time like'],
    [['replay', '/a', '--to', 'noon'], '--to noon: expected a time like'],
    [['replay', '/a', '--limit', '0'], '--limit 0: expected a whole number from 1 on'],
    [['sub', '/a', '--history', '4294967296'], '--history 4294967296: expected a whole number from 1 to 4294967295'],
    [['sub', '/a', '--window', '0'], '--window 0'],
    [['sub', '/a', '--window', '0.5'], '--window 0.5'],
    [['pub'], 'expected ADDRESS'],
    [['pub', '/a'], 'expected VALUE'],
    [['pub', '/a', 'two', 'words'], 'found words too (quote a VALUE'],
    [['pub', 'a', '1'], 'ADDRESS a: It starts with a slash'],
    [['pub', '/a/*', '1'], 'ADDRESS /a/*: An address names one thing'],
    [['pub', '/a', '1', '--qos', 'sure'], '--qos sure: expected fire, confirm, commit'],
    [['pub', '/a', '1', '--signal', 'noise'], '--signal noise: expected param, event, stream, timeline.'],
    [['pub', '/a', '1', '--signal', 'gesture'], 'a gesture ends with its session'],
    [['pub', '/a', '[1e400]'], 'VALUE: [0]: expected a number up to'],
    [['pub', '/a', '1', '--loud'], '--loud'],
    [['pub', '/a', '1', '--token', ''], '--token: expected a token'],
    [['sub'], 'expected PATTERN'],
    [['sub', '/a', '/b'], 'found /b too (quote a pattern'],
    [['sub', '/a/**b'], 'PATTERN /a/**b: Two stars'],
    [['sub', '/a', '--count', '0'], '--count 0'],
    [['sub', '/a', '--count', '1.5'], '--count 1.5'],
    [['sub', '/a', '--timeout', '0'], '--timeout 0'],
    [['sub', '/a', '--timeout', '1e3'], '--timeout 1e3'],
    [['sub', '/a', '--timeout', '1000001'], '--timeout 1000001'],
    [['sub', '/a', '--timeout', 'NaN'], '--timeout NaN'],
    [['get'], 'expected ADDRESS'],
    [['get', '/a', '/b'], 'found /b too'],
    [['get', 'x\u001b[2Jy'], 'x\\x1b[2Jy'],
    [['top', '/a'], 'expected flags only, found /a too'],
    [['top', '--count', '3'], '--count'],
    [['get', '/a', '--url', '127.0.0.1:7330'], '--url 127.0.0.1:7330: expected a URL like ws://'],
    [['get', '/a', '--url', 'http://127.0.0.1:7330'], '--url http:'],
    [['get', '/a', '--url', 'ws://127.0.0.1:7330/#x'], '--url ws:'],
    [['sub', '/a', '--url'], '--url'],
  ])('[CL2] refuses %j in one line that names it, before it dials', async (args, mention) => {
    const { code, stdout, stderr } = await runCli(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^flyrail: [^\n\p{Cc}]+\n$/u);
    expect(stderr).toContain(mention);
  });

  it('[CL14] are described in docs/command-line.md, with every exit code', () => {
    const page = readFileSync(fileURLToPath(new URL('../../docs/command-line.md', import.meta.url)), 'utf8');
    for (const usage of [pubUsage, subUsage, replayUsage, getUsage, topUsage]) {
      const command = usage.slice(0, usage.indexOf(':'));
      const section = page.split(/^## /m).find((text) => text.startsWith(`${command}\n`)) ?? '';
      const flags = [...usage.matchAll(/^ {2}(--[a-z]+)/gm)].map(([, flag]) => String(flag));
      expect(flags.length).toBeGreaterThanOrEqual(4);
      for (const flag of flags) expect(section, `${command} ${flag}`).toContain(`\`${flag}`);
      const codes = [...(usage.split('Exit codes:')[1] ?? '').matchAll(/(?<![\w.])(\d) [a-z]/g)].map(
        ([, code]) => code,
      );
      expect(codes.length).toBeGreaterThanOrEqual(3);
      for (const code of codes)
        expect(section, `${command} exits with ${code}`).toMatch(new RegExp(`^\\| ${code} `, 'm'));
    }
    for (const code of Object.values(exitCode)) expect(page).toContain(`| ${code} `);
  });
});
