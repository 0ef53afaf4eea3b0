import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../temporary-folder.ts';
import { until } from '../until.ts';
import { isRunning, startFlyrail, startServe, type FlyrailProcess } from './flyrail-process.ts';
import { connectClient } from './quiet-client.ts';
import { listenForSacn } from './sacn-listener.ts';
import { fadingShow, writeShow } from './serve-shows.ts';

const withinMs = 3000;
const npm = { command: ['npm', 'start', '--silent', '--'] };

describe('the end of flyrail serve', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    '[CL20] %s ends it with 0, again and again sent or not',
    async (signal) => {
      const flyrail = startServe(temporaryFolder());
      const { clasp } = await flyrail.ready();
      const client = await connectClient(clasp.url);
      const pestering = setInterval(() => flyrail.child.kill(signal), 1);
      const { code, tookMs } = await flyrail.stop(signal);
      clearInterval(pestering);
      client.close();
      expect({ code, stderr: flyrail.stderr() }).toEqual({ code: 0, stderr: '' });
      expect(tookMs).toBeLessThan(withinMs);
      expect(flyrail.events().filter(({ event }) => event === 'stopping')).toHaveLength(1);
    },
  );

  it('[CL21] ends its outputs in order: three stream-terminated packets', async () => {
    const sacn = await listenForSacn();
    const folder = temporaryFolder();
    const flyrail = startServe(join(folder, 'data'), ['--show', writeShow(folder, fadingShow(sacn.port))]);
    const { clasp } = await flyrail.ready();
    const client = await connectClient(clasp.url);
    client.set('/desk/fader/1', 1);
    await until('full', () => sacn.level(1) === 255);
    expect(sacn.terminated()).toHaveLength(0);
    const { code, tookMs } = await flyrail.stop();
    expect(code).toBe(0);
    expect(tookMs).toBeLessThan(withinMs);
    await until('the end of the stream', () => sacn.terminated().length === 3);
    sacn.close();
  });

  it('[CL22] ends with 0 when told so while it starts, and lets go of everything', async () => {
    for (const begun of ['lock', 'working/show.sqlite']) {
      const data = temporaryFolder();
      const flyrail = startServe(data);
      await until(begun, () => existsSync(join(data, begun)), 20_000);
      const { code, signal, tookMs } = await flyrail.stop();
      expect({ begun, code, signal, stderr: flyrail.stderr() }).toEqual({ begun, code: 0, signal: null, stderr: '' });
      expect(tookMs).toBeLessThan(withinMs);
      const next = startServe(data);
      await next.ready();
      expect((await next.stop()).code).toBe(0);
    }
  });

  it('[CL25] ends within 3 s also when a disk does not answer', async ({ skip }) => {
    skip(process.platform === 'win32', 'Windows has no signal that ends a process in order');
    const data = temporaryFolder();
    mkdirSync(join(data, 'working'));
    // Whoever reads a database that another process has locked waits in the system, for 5 s here.
    const hanging = new Database(join(data, 'working', 'show.sqlite'));
    hanging.exec('BEGIN EXCLUSIVE');
    const flyrail = startServe(data);
    await until('the lock', () => existsSync(join(data, 'lock')), 20_000);
    const { signal, tookMs } = await flyrail.stop();
    hanging.close();
    // Nothing else ends a thread that waits for such a disk; nothing was put out yet.
    expect({ signal, stdout: flyrail.stdout() }).toEqual({ signal: 'SIGKILL', stdout: '' });
    expect(flyrail.stderr()).toBe('flyrail: did not end in order within 2.8 s, ending now.\n');
    expect(tookMs).toBeLessThan(withinMs);
  });
});

describe('under npm', () => {
  const start = (data: string): FlyrailProcess =>
    startFlyrail(['serve', '--json', '--port', '0', '--ui-port', '0', '--data', data], npm);

  it('[CL23] keeps stdout clean and ends with SIGTERM to npm, nothing orphaned', async () => {
    const flyrail = start(temporaryFolder());
    const { pid } = await flyrail.ready();
    expect(pid).not.toBe(flyrail.child.pid);
    const { tookMs } = await flyrail.stop();
    expect(tookMs).toBeLessThan(withinMs);
    expect(isRunning(pid)).toBe(false);
    expect(flyrail.events().map(({ event }) => event)).toEqual(['ready', 'stopping']);
    expect(flyrail.stderr()).toBe('');
  }, 60_000);

  it('[CL24] ends when npm is killed hard', async () => {
    const flyrail = start(temporaryFolder());
    const { pid } = await flyrail.ready();
    process.kill(flyrail.child.pid ?? 0, 'SIGKILL');
    await until('the product to end', () => !isRunning(pid));
    expect(flyrail.events().at(-1)).toEqual({ event: 'stopping', reason: 'the parent process ended' });
  }, 60_000);
});
