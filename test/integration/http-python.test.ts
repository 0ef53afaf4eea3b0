import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { HttpBridge } from '../../src-main/bridges/http/http-bridge.ts';
import { toJson } from '../../src-main/contract/signal.ts';
import { makeAuthority, makeServerCertificate } from '../../src-main/platform/certificate-maker.ts';
import { createSystemClock } from '../../src-main/platform/system-clock.ts';
import { createSystemRandom } from '../../src-main/platform/system-random.ts';
import { httpSettings } from '../bridges/bridge-settings.ts';
import { RecordingHost } from '../conformance/bridge.ts';
import { event, param } from '../json-signals.ts';
import { silentLog } from '../silent-log.ts';
import { skipUnless } from '../skip-unless.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { until } from '../until.ts';
import { hasProgram, notInstalled } from './find-program.ts';
import { HttpPeer } from './http-peer.ts';

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function startPeer(tls: readonly string[] = []): Promise<HttpPeer> {
  const peer = new HttpPeer(tls);
  await peer.start();
  ends.push(() => peer.kill());
  return peer;
}

async function startBridge(settings: Record<string, unknown>) {
  const host = new RecordingHost();
  const needs = { clock: createSystemClock(), random: createSystemRandom(), log: silentLog, networkCards: () => [] };
  const bridge = new HttpBridge(httpSettings(settings), needs);
  await bridge.start(host);
  ends.push(() => bridge.stop());
  const brought = () => host.published.map(({ address, value }) => [address, toJson(value)] as const);
  return { bridge, host, brought };
}

describe('an HTTP bridge and a web server of Python', () => {
  skipUnless(hasProgram('python3'), notInstalled('python3', 'python3'));

  it('[HB24] is told 304 while nothing changes, and brings what does', async () => {
    const peer = await startPeer();
    const values = [{ path: '$.level', to: '/level' }];
    const { brought } = await startBridge({
      url: peer.url,
      polls: [
        { url: '/state', values, everyMs: 100 },
        { url: '/moved', to: '/moved', everyMs: 100 },
      ],
    });
    await until('some 304', () => peer.lines.filter(({ status }) => status === 304).length >= 4);
    await peer.ask('PUT', '/state', '{"level": 0.75}');
    await until('the change', () => brought().length === 3);
    expect(brought().filter(([address]) => address === '/http/level')).toEqual([
      ['/http/level', 0.5],
      ['/http/level', 0.75],
    ]);
    const first = peer.lines.filter(({ path, method }) => path === '/state' && method === 'GET').slice(0, 2);
    expect(first.map(({ status }) => status)).toEqual([200, 304]);
    expect(first[1]?.headers['if-none-match']).toMatch(/^"[0-9a-f]{32}"$/);
  });

  it('[HB24] delivers every event in its order through 503 with Retry-After, and through a server that is killed', async () => {
    const peer = await startPeer();
    const { bridge } = await startBridge({
      url: peer.url,
      webhooks: [{ url: '/hook{address}', payload: 'json', timeoutMs: 1000 }],
    });
    await peer.ask('POST', '/busy-for', '2');
    const began = performance.now();
    bridge.apply([1, 2, 3].map((value) => event('/http/go', value)));
    await until('all of it', () => bridge.status().outTotal === 3);
    expect(performance.now() - began).toBeGreaterThan(1900);
    await peer.kill();
    for (let value = 4; value <= 50; value++) bridge.apply([event('/http/go', value), param('/http/lamp', value)]);
    await until('it to notice', () => bridge.status().state === 'broken');
    expect(bridge.status().reason).toMatch(/^No server listens there .* 47 events and 1 value to be sent\.$/);
    await peer.start();
    await until('all of it', () => bridge.status().outTotal >= 3 + 47 + 1, 10_000);
    const arrived = peer.lines.filter(({ status, path }) => status === 200 && path === '/hook/go');
    const keys = [...new Map(arrived.map(({ headers, body }) => [headers['idempotency-key'], Number(body)])).values()];
    expect(keys).toEqual(Array.from({ length: 50 }, (_, i) => i + 1));
    expect(peer.lines.findLast(({ path }) => path === '/hook/lamp')?.body).toBe('50');
    const tries = peer.lines.filter(({ body, path }) => body === '1' && path === '/hook/go');
    expect(tries.map(({ status }) => status)).toEqual([503, 503, 200]);
    expect(new Set(tries.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
    expect(bridge.status()).toMatchObject({ state: 'connected', refusedTotal: 0 });
  });

  it('[HB24] is not held up by answers that are slow or have no end', async () => {
    const peer = await startPeer();
    const { bridge, brought } = await startBridge({
      url: peer.url,
      polls: [
        { url: '/slow', to: '/slow', timeoutMs: 300, everyMs: 100 },
        { url: '/endless', to: '/endless', everyMs: 100, timeoutMs: 4000 },
        { url: '/state', to: '/state', everyMs: 100 },
      ],
      webhooks: [{ url: '/hook' }],
    });
    await until('the one that works', () => brought().length === 1);
    bridge.apply([event('/http/go', 1)]);
    await until('the webhook', () => bridge.status().outTotal === 1);
    await until('both to fail', () => bridge.status().reason.includes('Of 3 polls and 1 webhook 2 fail.'));
    expect(bridge.status()).toMatchObject({ state: 'trouble' });
    expect(bridge.status().reason).toMatch(
      /^The server does not answer in time|^Its answer is longer than 1048576 bytes/,
    );
  });

  it('[HB24] brings what a webhook is answered', async () => {
    const peer = await startPeer();
    const { bridge, brought } = await startBridge({
      url: peer.url,
      webhooks: [{ from: '/ask', url: '/hook', answerTo: '/answer', answerPath: '$.got', payload: 'text' }],
    });
    bridge.apply([event('/http/ask', 'hello')]);
    await until('the answer', () => brought().length === 1);
    expect(brought()).toEqual([['/http/answer', 5]]);
  });

  it('[HB16] [HB24] speaks TLS with an authority that is named, or with any where it is told not to check', async () => {
    const authority = await makeAuthority('Rig', Date.now());
    const server = await makeServerCertificate(authority, ['127.0.0.1'], Date.now());
    const folder = temporaryFolder();
    const [ca, cert, key] = [authority.cert, server.cert, server.key].map((pem, i) => {
      const path = join(folder, `${i}.pem`);
      writeFileSync(path, pem);
      return path;
    }) as [string, string, string];
    const peer = await startPeer([cert, key]);
    const settings = { url: peer.url, polls: [{ url: '/state', to: '/state', everyMs: 100 }] };
    const unknown = await startBridge(settings);
    expect(unknown.bridge.status()).toMatchObject({
      state: 'broken',
      reason: expect.stringContaining('The authority of the server is not known here; name it') as string,
    });
    for (const trust of [{ caFile: ca }, { checkCertificates: false }]) {
      const { brought } = await startBridge({ ...settings, ...trust });
      await until('its value', () => brought().length === 1);
    }
    const plain = await startPeer();
    const noTls = await startBridge({ ...settings, url: plain.url.replace('http:', 'https:') });
    expect(noTls.bridge.status().reason).toContain('speaks no TLS that we understand there');
  });
});
