import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import process from 'node:process';
import { describe, expect, it } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { messageType } from '../../src-main/core/protocol/messages.ts';
import { WireValue } from '../../src-main/core/protocol/wire-value.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { until } from '../until.ts';
import { builtCommand, runFlyrail, startFlyrail, startServe, type FlyrailProcess } from './flyrail-process.ts';
import { connectClient } from './quiet-client.ts';
import { RawSession } from './raw-session.ts';

const quiet = { code: 0, stdout: '', stderr: '' };

async function router(data = temporaryFolder(), ...more: string[]) {
  const flyrail = startServe(data, ['--no-ui', ...more]);
  const { clasp } = await flyrail.ready();
  return { url: clasp.url, stop: flyrail.stop, run: (...args: string[]) => runFlyrail([...args, '--url', clasp.url]) };
}

/** `flyrail sub`, when it has printed what stands at `/ready`. */
async function startSub(url: string, ...args: string[]) {
  await runFlyrail(['pub', '/ready', 'true', '--url', url]);
  const sub = startFlyrail(['sub', ...args, '--url', url]);
  await until('the subscription', () => sub.stdout().includes('/ready'), 20_000);
  return sub;
}

describe('flyrail as a client of flyrail', () => {
  it.each(['pub', 'sub', 'replay', 'get', 'top'])('[CL4] %s has --help and --version', async (command) => {
    const [help, version] = await Promise.all([runFlyrail([command, '--help']), runFlyrail([command, '--version'])]);
    expect(help).toMatchObject({ code: 0, stderr: '' });
    expect(help.stdout).toContain(`flyrail ${command}: `);
    expect(version).toEqual({ ...quiet, stdout: `${packageJson.version}\n` });
  });

  it('[CL61] pub ends when it was done, get tells it, and an unknown address is 3', async () => {
    const { run, stop } = await router();
    expect(await run('pub', '/desk/a', '{"x": [0.5, "grün"]}')).toEqual(quiet);
    expect(await run('get', '/desk/a')).toEqual({ ...quiet, stdout: '{"x":[0.5,"grün"]}\n' });
    expect(await run('pub', '/desk/a', '-0.5', '--qos', 'fire')).toEqual(quiet);
    expect(await run('get', '/desk/a')).toEqual({ ...quiet, stdout: '-0.5\n' });
    for (const kind of ['event', 'stream']) expect(await run('pub', '/desk/b', 'go', '--signal', kind)).toEqual(quiet);
    expect(await run('get', '/desk/b')).toEqual({
      code: 3,
      stdout: '',
      stderr: 'flyrail: the router knows no param at /desk/b.\n',
    });
    await stop();
  });

  it('[CL137] replay prints what a full journal has, also of the run before', async () => {
    const data = temporaryFolder();
    const first = await router(data, '--journal', 'full');
    for (const cue of ['1', '2']) expect(await first.run('pub', '/cue', cue, '--signal', 'event')).toEqual(quiet);
    await first.stop();
    const next = await router(data, '--journal', 'full');
    expect(await next.run('pub', '/cue', '3')).toEqual(quiet);
    const stdout = '/cue\tevent\t1\n/cue\tevent\t2\n/cue\tparam\t3\n';
    expect(await next.run('replay', '/cue', '--from', '-10m')).toEqual({ ...quiet, stdout });
    await next.stop();
  });

  it('[RT463] sub --history gives what a full journal has of the run before, and then what is new', async () => {
    const data = temporaryFolder();
    const first = await router(data, '--journal', 'full');
    for (const cue of ['1', '2', '3'])
      expect(await first.run('pub', '/cue', cue, '--signal', 'event', '--qos', 'commit')).toEqual(quiet);
    await first.stop('SIGKILL');
    const next = await router(data, '--journal', 'full');
    expect(await next.run('pub', '/cue', '4', '--signal', 'event')).toEqual(quiet);
    const stdout = '/cue\tevent\t2\n/cue\tevent\t3\n/cue\tevent\t4\n';
    expect(await next.run('sub', '/cue', '--history', '3', '--count', '3')).toEqual({ ...quiet, stdout });
    expect(await next.run('sub', '/cue', '--window', '3600000', '--count', '4')).toMatchObject({ code: 0 });
    await next.stop();
  });

  it('[CL61] pub with --qos commit is there after the router was killed', async () => {
    const data = temporaryFolder();
    const first = await router(data);
    expect(await first.run('pub', '/kept', '9007199254740993', '--qos', 'commit')).toEqual(quiet);
    await first.stop('SIGKILL');
    const next = await router(data);
    expect(await next.run('get', '/kept')).toEqual({ ...quiet, stdout: '"9007199254740993"\n' });
    await next.stop();
  });

  it('[CL71] get prints one line that a terminal does not obey', async () => {
    const { url, run, stop } = await router();
    const desk = await connectClient(url);
    desk.set('/bytes', new Uint8Array([0, 255]));
    desk.set('/text', '\u001b[2J\u009b\n');
    expect(await desk.get('/text')).toBe('\u001b[2J\u009b\n');
    expect((await run('get', '/bytes')).stdout).toBe('{"$bytes":"AP8="}\n');
    expect((await run('get', '/text')).stdout).toBe('"\\u001b[2J\\u009b\\n"\n');
    await stop();
  });

  it('[CL62] pub is refused by a lock, with the router’s number and words', async () => {
    const { url, run, stop } = await router();
    const holder = await RawSession.join(url);
    const value = WireValue.of({ type: 'bool', value: true });
    holder.send({ type: messageType.set, address: '/locked', value, lock: true });
    await holder.until(messageType.ack, 1);
    const { code, stdout, stderr } = await run('pub', '/locked', 'false');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^flyrail: the router answered with ERROR 401: [^\n]+\n$/);
    expect((await run('get', '/locked')).stdout).toBe('true\n');
    holder.webSocket.terminate();
    await stop();
  });

  it('[CL63] names a URL where nobody answers', async () => {
    const { code, stdout, stderr } = await runFlyrail(['pub', '/a', '1', '--url', 'ws://127.0.0.1:1']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^flyrail: ws:\/\/127\.0\.0\.1:1 does not answer: [^\n]+\n$/);
  });
});

describe('flyrail sub', () => {
  it('[CL65] prints what pub and the official client send, in order, what was there first and once', async () => {
    const { url, run, stop } = await router();
    const desk = await connectClient(url);
    desk.set('/desk/before', 'there');
    expect(await desk.get('/desk/before')).toBe('there');
    const sub = await startSub(url, '/**', '--count', '8');
    await run('pub', '/desk/a', '1');
    for (let i = 0; i < 3; i++) desk.set('/desk/b', i);
    desk.emit('/desk/go', { who: 'stage left' });
    desk.gesture('/pad', 7, 'start', { x: 1 });
    expect(await sub.end).toMatchObject({ code: 0 });
    expect(sub.stderr()).toBe('');
    const lines = sub.stdout().split('\n');
    expect(new Set(lines.slice(0, 2))).toEqual(new Set(['/desk/before\tparam\t"there"', '/ready\tparam\ttrue']));
    expect(lines.slice(2)).toEqual([
      '/desk/a\tparam\t1',
      '/desk/b\tparam\t0',
      '/desk/b\tparam\t1',
      '/desk/b\tparam\t2',
      '/desk/go\tevent\t{"who":"stage left"}',
      '/pad\tgesture start 7\t{"x":1}',
      '',
    ]);
    await stop();
  });

  it('[CL66] prints objects with --json', async () => {
    const { url, run, stop } = await router();
    const sub = await startSub(url, '/**', '--json', '--count', '2', '--timeout', '20');
    await run('pub', '/a', '{"$bytes": "AAE="}');
    expect(await sub.end).toMatchObject({ code: 0 });
    const [first = '', second = ''] = sub.stdout().split('\n');
    const keys = ['address', 'kind', 'value', 'revision', 'writer', 'timestamp', 'at', 'snapshot'];
    expect(Object.keys(JSON.parse(first) as object)).toEqual(keys);
    expect(JSON.parse(first)).toMatchObject({ address: '/ready', value: true, revision: 1, snapshot: true });
    expect(JSON.parse(second)).toEqual({
      address: '/a',
      kind: 'param',
      value: { $bytes: 'AAE=' },
      revision: 1,
      at: expect.stringMatching(/^\d{4}-.*Z$/) as string,
      snapshot: false,
    });
    await stop();
  });

  it('[CL68] and top end quietly when they are told to', async () => {
    const { url, stop } = await router();
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      const sub = await startSub(url, '/**');
      expect(await sub.stop(signal)).toMatchObject({ code: 0, signal: null });
      expect(sub.stderr()).toBe('');
    }
    const top = startFlyrail(['top', '--json', '--url', url]);
    await until('a line', () => top.stdout().includes('\n'), 20_000);
    expect(await top.stop('SIGINT')).toMatchObject({ code: 0, signal: null });
    expect(top.stderr()).toBe('');
    await stop();
  });

  it('[CL68] ends within 3 s when it is told to, also when its reader stands still', async () => {
    const { url, stop } = await router();
    const desk = await connectClient(url);
    const sub = await startSub(url, '/**');
    sub.child.stdout.pause();
    // More than the system and the reader keep, but less than is left out.
    for (let i = 0; i < 20; i++) desk.set('/long', `${i}`.repeat(30_000));
    await desk.get('/long');
    const { code, tookMs } = await endOf(sub);
    expect(code).toBe(0);
    expect(tookMs).toBeLessThan(3000);
    await stop();
  });

  it('[CL69] ends with 0 when its reader has had enough, and with 2 on a full disk', async ({ skip }) => {
    skip(!existsSync('/bin/bash'), 'no bash here');
    const { url, run, stop } = await router();
    await run('pub', '/a', '1');
    const reading = shell(`$FLYRAIL sub '/**' --url ${url} | head -1; echo $\{PIPESTATUS[0]}`);
    const desk = await connectClient(url);
    // A pipe tells that its reader has gone when something is written to it.
    let n = 0;
    const again = setInterval(() => desk.set('/a', ++n), 20);
    const { stdout, stderr } = await reading;
    clearInterval(again);
    expect(stdout).toMatch(/^\/a\tparam\t\d+\n0\n$/);
    expect(stderr).toBe('');
    if (existsSync('/dev/full')) {
      expect(await shell(`$FLYRAIL sub '/**' --url ${url} > /dev/full; echo $?`)).toEqual({
        stdout: '2\n',
        stderr: 'flyrail: Cannot write to standard output: the disk is full.\n',
      });
    }
    await stop();
  });

  it('[CL400] gives its reader all that is there, however much comes at once', async ({ skip }) => {
    skip(!existsSync('/bin/bash'), 'no bash here');
    const { url, stop } = await router();
    const desk = await RawSession.join(url);
    const value = WireValue.of({ type: 'string', value: 'a lamp '.repeat(20) });
    const count = 20_000;
    for (let i = 0; i < count; i++) desk.send({ type: messageType.set, address: `/stage/lamp/${i}`, value });
    await desk.until(messageType.ack, count, 20_000);
    desk.webSocket.terminate();
    const { stdout, stderr } = await shell(
      `$FLYRAIL sub '/stage/**' --json --count ${count} --timeout 20 --url ${url} | wc -l`,
    );
    expect([Number(stdout), stderr]).toEqual([count, '']);
    await stop();
  });

  it('[CL70] goes on when the router comes back', async () => {
    const data = temporaryFolder();
    const first = await router(data);
    const { port } = new URL(first.url);
    const sub = await startSub(first.url, '/**');
    await first.stop();
    await until('the loss to be told', () => sub.stderr().includes('the router is gone'));
    const next = await router(data, '--port', port);
    await until('the return to be told', () => sub.stderr().includes('the router is back.'), 20_000);
    await next.run('pub', '/after', '1');
    await until('the message', () => sub.stdout().includes('/after'));
    expect(await sub.stop('SIGINT')).toMatchObject({ code: 0 });
    // What was there before the loss and did not change is not told again.
    expect(sub.stdout()).toBe('/ready\tparam\ttrue\n/after\tparam\t1\n');
    await next.stop();
  });
});

describe('flyrail top', () => {
  it('[CL72] counts what is sent each second', async () => {
    const { url, stop } = await router();
    const desk = await connectClient(url);
    const top = startFlyrail(['top', '--url', url, '--json']);
    const objects = () =>
      top
        .stdout()
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line) as Report);
    await until('the first object', () => objects().length > 0, 20_000);
    for (let i = 0; i < 10; i++) desk.set('/fast', i);
    desk.set('/slow', 1);
    await until('all to be counted', () => objects().at(-1)?.messages === 11, 20_000);
    const counted = objects().at(-1);
    expect(counted).toMatchObject({ router: 'Flyrail', connected: true, addresses: 2 });
    expect(counted?.top.map(({ address, value }) => [address, value])).toEqual([
      ['/fast', 9],
      ['/slow', 1],
    ]);
    await top.stop('SIGINT');
    await stop();
  });
});

interface Report {
  readonly messages: number;
  readonly top: readonly { readonly address: string; readonly value: unknown }[];
}

/** How it ends on SIGINT; `close`, for which others wait, does not come while its output is unread. */
function endOf({ child }: FlyrailProcess): Promise<{ code: number | null; tookMs: number }> {
  const from = performance.now();
  return new Promise((resolve) => {
    child.once('exit', (code) => resolve({ code, tookMs: performance.now() - from }));
    child.kill('SIGINT');
  });
}

/** Runs a line of shell in which `$FLYRAIL` is the command. */
function shell(line: string): Promise<{ stdout: string; stderr: string }> {
  const env = { ...process.env, FLYRAIL: `${process.execPath} ${builtCommand}` };
  return new Promise((resolve) => {
    execFile('bash', ['-c', line], { env }, (_error, stdout, stderr) => resolve({ stdout, stderr }));
  });
}
