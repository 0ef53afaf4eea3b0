import { describe, expect, it } from 'vitest';
import { parseRegisterFlags, parseServerUrl } from '../../src-main/cli/register-flag.ts';
import { parseServeFlags } from '../../src-main/cli/serve-flags.ts';
import { runCli } from './run-cli.ts';

describe('flags of the rendezvous server', () => {
  it('[RZ51] of serve take a port, and servers with tags', () => {
    expect(parseRegisterFlags(['http://a:7340/,tag=hall,tag=x=y', 'https://b/finder'])).toEqual([
      { url: 'http://a:7340', tags: ['hall', 'x=y'] },
      { url: 'https://b/finder', tags: [] },
    ]);
    const flags = ['--rendezvous-port', '0', '--rendezvous-require-signed', '--register', 'http://a:1'];
    expect(parseServeFlags(flags)).toMatchObject({
      rendezvousPort: 0,
      rendezvousRequireSigned: true,
      register: [{ url: 'http://a:1', tags: [] }],
    });
    expect(() => parseServerUrl('--rendezvous', 'a:7340')).toThrow('--rendezvous a:7340: expected the URL');
  });

  it.each([
    [['serve', '--register', ''], '--register'],
    [['serve', '--register', 'ftp://a'], 'http://HOST:7340'],
    [['serve', '--register', 'http://me:pw@a'], 'http://HOST:7340'],
    [['serve', '--register', 'http://a,hall'], 'URL[,tag=WORD'],
    [['serve', '--register', `http://a,tag=${'x'.repeat(65)}`], 'at most 64 letters'],
    [['serve', '--register', 'http://a', '--register', 'http://a/,tag=x'], 'each server once'],
    [['serve', '--rendezvous-port', '70000'], '70000'],
    [['serve', '--rendezvous-require-signed'], '--rendezvous-port'],
    [['rendezvous', '--port', '-1'], '--port'],
    [['rendezvous', '--host', '0.0.0.0'], '--allow-unauthenticated'],
    [['rendezvous', '--per-source', '0'], '--per-source'],
    [['rendezvous', '--per-source', '10001'], '--per-source'],
    [['rendezvous', 'now'], 'now'],
    [['discover', '--tag', 'hall'], '--rendezvous'],
    [['discover', '--rendezvous', 'finder'], 'http://HOST:7340'],
    [['discover', '--rendezvous', 'http://a', '--limit', '1001'], '--limit'],
    [['discover', '--rendezvous', 'http://127.0.0.1:9'], 'http://127.0.0.1:9'],
    [['discover', 'desk'], 'desk'],
  ])('[RZ50] [RZ51] [RZ52] refuses %j in one line that says what was expected', async (args, words) => {
    const { code, stdout, stderr } = await runCli(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^flyrail: [^\n\p{Cc}]+\n$/u);
    expect(stderr).toContain(words);
  });

  it.each(['rendezvous', 'discover'])('[CL4] of %s have help, and a version', async (command) => {
    expect((await runCli(command, '--help')).stdout).toContain(`flyrail ${command}: `);
    expect((await runCli(command, '--version')).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});
