import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../temporary-folder.ts';
import { until } from '../until.ts';
import { runFlyrail, startFlyrail, startServe } from './flyrail-process.ts';

const quiet = { code: 0, stdout: '', stderr: '' };

describe('flyrail serve --transport', () => {
  it('[TP34] lists every way in; what comes by one is heard by the others', async () => {
    const data = temporaryFolder();
    const ways = ['tcp', 'tls', 'wss', 'udp', 'quic', 'webrtc'].flatMap((name) => ['--transport', `${name}=0`]);
    const flyrail = startServe(data, ['--no-ui', ...ways]);
    const { transports, clasp } = await flyrail.ready();
    const authority = join(data, 'ca.pem');
    expect(await runFlyrail(['cert', 'export-ca', '--out', authority, '--data', data])).toEqual(quiet);
    const to = (url: string): string[] => ['--url', url, '--ca', authority];
    expect(transports.map(({ name, url }) => `${name} ${new URL(url).protocol}`)).toEqual([
      'websocket ws:',
      'tcp tcp:',
      'tls tls:',
      'wss wss:',
      'udp udp:',
      'quic quic:',
      'webrtc webrtc+ws:',
    ]);
    expect(transports[0]?.url).toBe(clasp.url);
    expect(transports[6]?.url).toBe(`webrtc+${clasp.url}`);
    const heard = transports.map(({ url }) => startFlyrail(['sub', '/desk/**', ...to(url)]));
    expect(await runFlyrail(['pub', '/desk/ready', '1', '--url', clasp.url])).toEqual(quiet);
    await until('all subscriptions', () => heard.every((sub) => sub.stdout().includes('/desk/ready')), 20_000);
    for (const { name, url } of transports)
      expect(await runFlyrail(['pub', `/desk/${name}`, '"on"', '--qos', 'commit', ...to(url)])).toEqual(quiet);
    for (const sub of heard)
      await until('all to hear all', () => transports.every(({ name }) => sub.stdout().includes(`/desk/${name}\t`)));
    for (const { url } of transports)
      expect(await runFlyrail(['get', '/desk/udp', ...to(url)])).toEqual({ ...quiet, stdout: '"on"\n' });
    expect((await flyrail.stop()).code).toBe(0);
  });

  it('[TP34] does not start when one of them cannot be opened', async () => {
    const first = startServe(temporaryFolder(), ['--no-ui', '--transport', 'tcp=0']);
    const { transports } = await first.ready();
    const port = new URL(transports[1]?.url ?? '').port;
    const second = startServe(temporaryFolder(), ['--no-ui', '--transport', `tcp=${port}`]);
    expect((await second.end).code).toBe(2);
    expect(second.stderr()).toContain(`Port ${port} on 127.0.0.1 is in use by another program.`);
    await first.stop();
  });

  it('[TP26] is refused for what it does not know, and where other machines would be let in unasked', async () => {
    for (const [flag, words] of [
      ['pigeon=1', 'expected one of tcp, tls, wss, udp, quic, webrtc, serial, ble'],
      ['tcp=0,host=0.0.0.0', 'Add --auth for tokens, or --allow-unauthenticated'],
    ] as const) {
      const { code, stderr } = await runFlyrail(['serve', '--transport', flag]);
      expect([code, stderr.includes(words)]).toEqual([2, true]);
    }
  });
});
