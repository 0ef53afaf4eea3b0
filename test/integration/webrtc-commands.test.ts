import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../temporary-folder.ts';
import { until } from '../until.ts';
import { runFlyrail, startFlyrail, startServe, type FlyrailProcess } from './flyrail-process.ts';

const quiet = { code: 0, stdout: '', stderr: '' };
/** What does not end by itself is seen; how long it takes on a busy machine is not the question. */
const endsWithinMs = 2500;

async function stopped(process: FlyrailProcess, signal: NodeJS.Signals) {
  const from = performance.now();
  const { code } = await process.stop(signal);
  return { code, isQuick: performance.now() - from < endsWithinMs };
}

async function heard(sub: FlyrailProcess, url: string): Promise<void> {
  const address = `/now/${sub.child.pid}`;
  expect(await runFlyrail(['pub', address, '1', '--url', url])).toEqual(quiet);
  await until('the subscription', () => sub.stdout().includes(address));
}

describe('commands over WebRTC', () => {
  it('[TP89] end at once and in order, and so does the router with them connected', { timeout: 60_000 }, async () => {
    const flyrail = startServe(temporaryFolder(), ['--no-ui', '--transport', 'webrtc=0']);
    const { transports } = await flyrail.ready();
    const url = transports[1]?.url ?? '';
    const end = { code: 0, isQuick: true };
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      const [sub, top] = [startFlyrail(['sub', '/**', '--url', url]), startFlyrail(['top', '--url', url])];
      await heard(sub, url);
      await until('the first lines of top', () => top.stdout() !== '');
      expect(await Promise.all([stopped(sub, signal), stopped(top, signal)])).toEqual([end, end]);
    }
    expect((await runFlyrail(['get', '/nothing', '--url', url])).code).toBe(3);
    const last = startFlyrail(['sub', '/**', '--url', url]);
    await heard(last, url);
    expect(await stopped(flyrail, 'SIGTERM')).toEqual(end);
    expect(await stopped(last, 'SIGTERM')).toEqual(end);
  });

  it('[TP86] signal over secure WebSocket too', async () => {
    const data = temporaryFolder();
    const flyrail = startServe(data, ['--no-ui', '--transport', 'wss=0', '--transport', 'webrtc=0']);
    const { transports } = await flyrail.ready();
    const authority = join(data, 'ca.pem');
    expect(await runFlyrail(['cert', 'export-ca', '--out', authority, '--data', data])).toEqual(quiet);
    const url = `webrtc+${transports[1]?.url}`;
    expect(url).toMatch(/^webrtc\+wss:/);
    expect(await runFlyrail(['pub', '/a', '1', '--url', url, '--ca', authority])).toEqual(quiet);
    expect(await runFlyrail(['get', '/a', '--url', url, '--ca', authority])).toEqual({ ...quiet, stdout: '1\n' });
    expect((await runFlyrail(['get', '/a', '--url', url])).code).toBe(2);
    expect(await stopped(flyrail, 'SIGINT')).toEqual({ code: 0, isQuick: true });
  });

  it('[TP88] show their token on both ways to a router that asks for one', async () => {
    const data = temporaryFolder();
    const tokens = join(data, 'tokens.txt');
    const [page, ear, mute] = ['a-page-that-plays', 'an-ear-that-signals', 'one-who-cannot-signal'];
    const lines = [
      `${page} write:/clasp/p2p/**,write:/desk/**`,
      `${ear} write:/clasp/p2p/**,read:/**`,
      `${mute} write:/desk/**`,
    ];
    writeFileSync(tokens, `${lines.join('\n')}\n`, { mode: 0o600 });
    const flyrail = startServe(data, ['--no-ui', '--token-file', tokens, '--transport', 'webrtc=0']);
    const { transports } = await flyrail.ready();
    const as = (token: string): string[] => ['--url', transports[1]?.url ?? '', '--token', token];
    expect(await runFlyrail(['pub', '/desk/a', '1', ...as(page)])).toEqual(quiet);
    expect((await runFlyrail(['pub', '/light/a', '1', ...as(page)])).stderr).toContain('This needs write:/light/a');
    expect(await runFlyrail(['get', '/desk/a', ...as(ear)])).toEqual({ ...quiet, stdout: '1\n' });
    const { code, stderr } = await runFlyrail(['pub', '/desk/a', '2', ...as(mute)]);
    expect([code, stderr]).toEqual([2, expect.stringContaining('This needs write:/clasp/p2p/signal/router')]);
    expect((await runFlyrail(['get', '/desk/a', ...as('nobody-knows-this-one')])).code).toBe(2);
    await flyrail.stop();
  });
});
