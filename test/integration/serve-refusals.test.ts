import { createServer, type AddressInfo } from 'node:net';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { describe, expect, it } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { formatShowFile } from '../../src-main/platform/show-file.ts';
import { sampleShow } from '../show-samples.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { builtCommand, runFlyrail, startServe } from './flyrail-process.ts';

const free = ['--port', '0', '--ui-port', '0'];

/** One line on stderr, nothing on stdout, exit code 2. @returns the line */
async function refusal(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await runFlyrail(args);
  expect({ args, code, stdout }).toEqual({ args, code: 2, stdout: '' });
  expect(stderr).toMatch(/^flyrail: [^\n]+\n$/);
  return stderr;
}

describe('flyrail serve refuses', () => {
  it('[CL30] a data folder that another Flyrail uses', async () => {
    const data = temporaryFolder();
    const first = startServe(data);
    await first.ready();
    expect(await refusal('serve', ...free, '--data', data)).toContain(`Another Flyrail uses the data folder ${data}`);
    expect((await first.stop()).code).toBe(0);
    const next = startServe(data);
    await next.ready();
    expect((await next.stop()).code).toBe(0);
  });

  it.each(['--port', '--ui-port'])('[CL31] a %s in use, by its number, before it touches a show', async (flag) => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const data = temporaryFolder();
    const line = await refusal('serve', '--data', data, ...free, flag, String(port));
    expect(line).toMatch(new RegExp(`\\b${port}\\b.* in use by another program`));
    expect(readdirSync(join(data, 'working')).filter((name) => name.startsWith('show'))).toEqual([]);
    other.close();
  });

  it('[CL32] a show it cannot read, and touches neither it nor the last one', async () => {
    const folder = temporaryFolder();
    const data = join(folder, 'data');
    const whole = formatShowFile(sampleShow('one'));
    const newer = Buffer.from(whole);
    newer.writeUInt32BE(99, 60);
    const files = {
      'text.flyrail': Buffer.from('hello'),
      'cut.flyrail': whole.subarray(0, 5000),
      'newer.flyrail': newer,
    };
    for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes);
    const words = {
      'text.flyrail': 'is not a Flyrail show',
      'cut.flyrail': 'is damaged',
      'newer.flyrail': 'newer Flyrail',
      'missing.flyrail': 'it is not there',
    };
    for (const [name, expected] of Object.entries(words)) {
      const path = join(folder, name);
      const before = existsSync(path) && [readFileSync(path), statSync(path).mtimeMs];
      const line = await refusal('serve', ...free, '--data', data, '--show', path);
      expect(line).toContain(path);
      expect(line).toContain(expected);
      expect(existsSync(path) && [readFileSync(path), statSync(path).mtimeMs]).toEqual(before);
    }
    expect(readdirSync(folder).toSorted()).toEqual(['cut.flyrail', 'data', 'newer.flyrail', 'text.flyrail']);
    expect(readdirSync(join(data, 'working')).filter((name) => name.startsWith('show'))).toEqual([]);
  }, 60_000);

  it('[CL32] a show that is no file, at once, and waits for no pipe', async ({ skip }) => {
    skip(process.platform === 'win32', 'Windows has no pipes among its files');
    const folder = temporaryFolder();
    const pipe = join(folder, 'pipe.flyrail');
    execFileSync('mkfifo', [pipe]);
    for (const [path, words] of [
      [pipe, 'it is not a file'],
      [folder, '.flyrail'],
    ] as const) {
      const line = await refusal('serve', ...free, '--data', join(folder, 'data'), '--show', path);
      expect(line).toContain(words);
      expect(line).toContain(path);
    }
  });

  it('[CL2] bad flags and words, each in one line', async () => {
    const lines = await Promise.all([
      refusal('serve', '--prot', '1'),
      refusal('serve', '--port', '70000'),
      refusal('serve', '--data', ''),
      refusal('sing\nalong'),
      refusal(),
    ]);
    expect(lines[0]).toContain('--prot');
    expect(lines[1]).toContain('70000');
    expect(lines[2]).toContain('--data');
    expect(lines[3]).toContain('sing\\nalong');
  });

  it('[SF21] a data folder that the system lets nobody make', async ({ skip }) => {
    skip(!existsSync('/proc/self'), 'no /proc here');
    expect(await refusal('serve', ...free, '--data', '/proc/nope')).toContain('Cannot use the data folder /proc/nope');
  });

  it('[CL3] to let other machines in unless told so twice', async () => {
    expect(await refusal('serve', ...free, '--host', '0.0.0.0')).toContain('--allow-unauthenticated');
  });

  it('[CL33] Node 20, in one line, before it loads what crashes there', async ({ skip }) => {
    const node = oldNode();
    skip(node === undefined, 'no Node older than 22.14 at /usr/bin/node');
    for (const args of [['serve'], ['show', 'export', 'x.flyrail'], ['--help']]) {
      const { code, stdout, stderr } = await runFlyrail(args, { command: [String(node), builtCommand] });
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toMatch(/^flyrail: needs Node 22\.14 or newer, this is v\d+\.[^\n]*\n$/);
    }
  });
});

describe('flyrail', () => {
  it.each([[[]], [['serve']], [['show']], [['show', 'export']], [['show', 'import']]])(
    '[CL4] %j has --help and --version',
    async (command) => {
      const [help, version] = await Promise.all([
        runFlyrail([...command, '--help']),
        runFlyrail([...command, '--version']),
      ]);
      expect(help).toMatchObject({ code: 0, stderr: '' });
      expect(help.stdout).toContain(`flyrail ${command[0] ?? 'serve'}`);
      expect(version).toEqual({ code: 0, stdout: `${packageJson.version}\n`, stderr: '' });
    },
  );
});

/** The system's Node where it is one that we refuse. */
function oldNode(): string | undefined {
  const path = '/usr/bin/node';
  if (!existsSync(path)) return undefined;
  const [major = 0, minor = 0] = execFileSync(path, ['--version'], { encoding: 'utf8' })
    .slice(1)
    .split('.')
    .map(Number);
  return major < 22 || (major === 22 && minor < 14) ? path : undefined;
}
