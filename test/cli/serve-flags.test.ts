import { describe, expect, it } from 'vitest';
import { parseServeFlags } from '../../src-main/cli/serve-flags.ts';

describe('flags of flyrail serve', () => {
  it('[CL1] has defaults that work on one machine', () => {
    expect(parseServeFlags([])).toEqual({
      show: undefined,
      data: undefined,
      host: '127.0.0.1',
      port: 7330,
      transports: [],
      discovery: undefined,
      discoveryDefault: 'off',
      allowUnauthenticated: false,
      uiPort: 7380,
      rendezvousPort: undefined,
      rendezvousRequireSigned: false,
      register: [],
      uiHost: undefined,
      uiTls: false,
      uiLater: false,
      metrics: false,
      tokens: { auth: false, tokenFile: undefined, jwtKeys: [], audience: undefined, trustAnchors: [] },
      rateLimits: { session: undefined, source: undefined, patterns: [] },
      journal: 'state',
      latePolicy: undefined,
      timelineRate: 60,
      logLevel: 'warn',
      json: false,
      help: false,
    });
  });

  it('[DC41] says what is looked for on the network, by three words', () => {
    const flags = parseServeFlags(['--discovery', 'show', '--discovery-default=find']);
    expect(flags).toMatchObject({ discovery: 'find-and-show', discoveryDefault: 'find' });
    expect(parseServeFlags(['--discovery=off']).discovery).toBe('off');
    for (const word of ['', 'on', 'find-and-show', '__proto__'])
      expect(() => parseServeFlags([`--discovery=${word}`])).toThrow(
        /^--discovery .*: expected one of off, find, show\.$/,
      );
  });

  it('[CL1] takes every flag', () => {
    const args =
      '--show a.flyrail --data d --host 127.0.0.2 --port 0 --ui-port=1 --metrics --journal full --log-level debug --json'.split(
        ' ',
      );
    expect(parseServeFlags(args)).toMatchObject({
      show: 'a.flyrail',
      data: 'd',
      host: '127.0.0.2',
      port: 0,
      uiPort: 1,
      uiHost: undefined,
      uiTls: false,
      uiLater: false,
      metrics: true,
      journal: 'full',
      logLevel: 'debug',
      json: true,
    });
    expect(parseServeFlags(['--no-ui']).uiPort).toBeUndefined();
  });

  it('[CL90] takes what becomes of late bundles', () => {
    const policy = (text: string): unknown => parseServeFlags(['--late-bundles', text]).latePolicy;
    expect(parseServeFlags([]).latePolicy).toBeUndefined();
    expect(policy('run')).toMatchObject({ late: 'run' });
    expect(policy('drop')).toMatchObject({ late: 'drop', tolerance: 100 });
    expect(policy('0')).toMatchObject({ late: 'drop', tolerance: 0 });
    expect(policy('2500')).toMatchObject({ late: 'drop', tolerance: 2500 });
  });

  it('[CL91] takes the rate of timelines', () => {
    expect(parseServeFlags(['--timeline-rate', '240']).timelineRate).toBe(240);
  });

  it.each([
    [['--prot', '1'], '--prot'],
    [['--port', '70000'], '70000'],
    [['--port', '-1'], '--port'],
    [['--port', '1e3'], '1e3'],
    [['--port'], '--port'],
    [['--ui-port', 'x'], '--ui-port x'],
    [['--ui-host', 'a b'], '--ui-host a b: expected an address'],
    [['--ui-tls', '--no-ui'], '--ui-host and --ui-tls need the port of the interface'],
    [['--metrics', '--no-ui'], '--metrics needs the port of the interface'],
    [['--journal', 'some'], '--journal some: expected one of off, state, full'],
    [['--late-bundles', 'never'], '--late-bundles never: expected run, drop or 0 to 3600000 ms'],
    [['--late-bundles', '3600001'], '3600001'],
    [['--timeline-rate', '0'], '--timeline-rate 0: expected 1 to 240 whole hertz'],
    [['--timeline-rate', '59.94'], '59.94'],
    [['--timeline-rate', '241'], '241'],
    [['--log-level', 'loud'], 'error, warn, info, debug, silent'],
    [['--host', 'a b'], '--host a b'],
    [['--host', '[a]'], '--host [a]'],
    [['--port', ''], '--port "": expected a port'],
    [['--port', '-1'], 'a value that begins with - is written --port=-…'],
    [['--json=yes'], '--json'],
    [['stray'], 'stray'],
  ])('[CL2] refuses %j in one line that names it', (args, mention) => {
    const refusal = capture(() => parseServeFlags(args));
    expect(refusal).toMatchObject({ code: 'bad-flag' });
    expect(refusal.message).toContain(mention);
    expect(refusal.message).not.toContain('\n');
  });

  it('[CL3] lets other machines in where tokens are asked for', () => {
    expect(parseServeFlags(['--host', '0.0.0.0', '--auth'])).toMatchObject({ host: '0.0.0.0', tokens: { auth: true } });
    expect(parseServeFlags(['--host', '0.0.0.0', '--token-file', 'tokens.txt']).tokens.auth).toBe(true);
  });

  it('[CL3] lets other machines in only when told twice', () => {
    for (const host of ['0.0.0.0', '::', '10.0.0.5', 'stage-pc', '128.0.0.1']) {
      expect(
        capture(() => parseServeFlags(['--host', host])),
        host,
      ).toMatchObject({ code: 'unauthenticated-host' });
      expect(parseServeFlags(['--host', host, '--allow-unauthenticated']).host).toBe(host);
    }
    expect(parseServeFlags(['--host', '[::1]']).host).toBe('::1');
  });
});

function capture(run: () => unknown): Error {
  try {
    run();
  } catch (error) {
    return error as Error;
  }
  throw new Error('was not refused');
}
