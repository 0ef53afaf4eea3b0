import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { parseAddress, parsePattern } from '../../src-main/contract/address.ts';
import { f64 } from '../../src-main/contract/signal.ts';
import { createClaspClient } from '../../src-main/core/client/clasp-client.ts';
import { createSystemClock } from '../../src-main/platform/system-clock.ts';
import { createSystemRandom } from '../../src-main/platform/system-random.ts';
import { createWebSocketDialler } from '../../src-main/transports/websocket/websocket-dialler.ts';
import { silentLog } from '../silent-log.ts';
import { expect, startServing, test } from './serve.ts';
import type { PageReport } from './webrtc-page.ts';

const pageScript = fileURLToPath(new URL('./webrtc-page.ts', import.meta.url));

/** The page's script as one text. */
async function bundle(): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    build: { write: false, minify: false, lib: { entry: pageScript, formats: ['iife'], name: 'page' } },
  });
  const first = Array.isArray(built) ? built[0] : built;
  const chunk = first !== undefined && 'output' in first ? first.output[0] : undefined;
  if (chunk?.type !== 'chunk') throw new Error('nothing was built');
  return chunk.code;
}

test('[TP85] a page in Chromium connects by WebRTC without internet, and hears and is heard', async ({
  dataDir,
  page,
}) => {
  const serving = await startServing(['--data', dataDir, '--no-ui', '--transport', 'webrtc=0']);
  const { url } = serving.ready.clasp;
  const script = await bundle();
  const web = createServer((request, response) => {
    const isScript = request.url === '/page.js';
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
    response.end(isScript ? script : '<!doctype html><title>page</title><script src="/page.js"></script>');
  });
  web.listen(0, '127.0.0.1');
  await once(web, 'listening');
  const clock = createSystemClock();
  const dialler = createWebSocketDialler({ clock });
  const [random, log] = [createSystemRandom(), silentLog];
  const desk = createClaspClient({ dial: () => dialler.dial(url), clock, random, log, name: 'desk' });
  try {
    const heard = new Set<string>();
    const beat = { kind: 'event', address: parseAddress('/desk/beat'), value: f64(1) } as const;
    desk.subscribe(parsePattern('/page/**'), ({ signal }) => {
      heard.add(`${signal.kind} ${signal.address}`);
      void desk.publish(beat);
    });
    desk.connect();
    await desk.set(parseAddress('/desk/level'), f64(1), { qos: 'commit' });
    await page.goto(`http://127.0.0.1:${(web.address() as AddressInfo).port}/`);
    const report: PageReport = await page.evaluate((router) => window.connectByWebRtc(router, 1), url);
    await expect.poll(() => [...heard].sort()).toEqual(['param /page/level', 'stream /page/meter']);
    expect(report.announced).toBe('router');
    expect(report.reliable.session).toMatch(/^[0-9a-f-]{36}$/);
    expect(report.reliable.heard).toContain('clasp-reliable /desk/beat');
    expect(report.state).toBe('connected');
    // The browser hides where it is; the router is plain.
    expect(report.pair[1]).toBe('host udp');
    for (const candidate of report.candidates) expect(candidate).toMatch(/\.local | 127\.0\.0\.1 /);
  } finally {
    desk.close();
    await page.close();
    web.close();
    await serving.stop();
  }
});
