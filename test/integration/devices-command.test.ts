import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { oscBridgeSchema } from '../../src-main/contract/bridges/osc.ts';
import { emptyShow } from '../../src-main/contract/show.ts';
import { formatShowFile } from '../../src-main/platform/show-file.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { until } from '../until.ts';
import { freeUdpPort } from './free-udp-port.ts';
import { runFlyrail, startServe } from './flyrail-process.ts';

describe('flyrail devices', () => {
  it('[CL403] [BR15] lists how bridges stand, and says what becomes of a device that asks', async () => {
    const data = temporaryFolder();
    const device = createSocket('udp4').bind(0, '127.0.0.1');
    await once(device, 'listening');
    const heard: Buffer[] = [];
    device.on('message', (bytes) => heard.push(bytes));
    const settings = {
      direction: 'both',
      listenHost: '127.0.0.1',
      prefix: '/winch',
      listenPort: await freeUdpPort(),
      targets: [{ host: '127.0.0.1', port: device.address().port }],
    };
    const winch = { id: 'w', number: 4, name: 'Winch A', kind: 'osc', onReturn: 'ask', settings };
    const off = { ...winch, id: 'o', number: 5, name: 'Spare', enabled: false };
    const show = join(data, 'gala.flyrail');
    const bridges = [winch, off].map((bridge) => oscBridgeSchema.parse(bridge));
    await writeFile(show, formatShowFile({ ...emptyShow('gala', 'Gala'), bridges }));
    const serving = startServe(data, ['--show', show]);
    const { clasp } = await serving.ready();
    const run = (...args: string[]) => runFlyrail(['devices', ...args, '--data', data]);

    const words = await run();
    expect(words.stdout).toMatch(
      /^ {2}4 {2}connected {3}Winch A {2}osc {2}.*in 0\/s {2}out 0\/s {2}never seen\n {5}Listening/,
    );
    expect(words.stdout).toContain('  5  off         Spare  osc');
    expect((await run('resend', 'Winch A')).stdout).toBe('0 values were sent.\n');
    await runFlyrail(['pub', '/winch/height', '2', '--url', clasp.url]);
    await until('the value', () => heard.length === 1);
    expect((await run()).stdout).toMatch(/^ {2}4 .*out \d\/s {2}seen \d+\.\d s ago\n/);
    await serving.stop();

    const again = startServe(data, ['--show', show]);
    await again.ready();
    const asking = (await run('--json')).stdout.split('\n').map((line) => line && (JSON.parse(line) as object))[0];
    expect(asking).toMatchObject({ id: 'w', number: 4, name: 'Winch A', kind: 'osc', state: 'trouble', asks: 1 });
    expect((await run('leave', '4', '--json')).stdout).toBe('{"left":"w"}\n');
    expect(JSON.parse((await run('--json')).stdout.split('\n')[0] ?? '')).toMatchObject({ state: 'connected' });
    expect(heard).toHaveLength(1);
    expect((await run('resend', 'w', '--json')).stdout).toBe('{"values":1}\n');
    await until('the value, again', () => heard.length === 2);

    const refusals = [await run('resend', 'Truss'), await run('resend', 'Spare'), await run('leave'), await run('go')];
    expect(refusals.map(({ code }) => code)).toEqual([2, 2, 2, 2]);
    expect(refusals.map(({ stderr }) => stderr)).toEqual([
      'flyrail: The show has no device Truss. flyrail devices lists them.\n',
      expect.stringContaining('Its device is not there: Switched off. Nothing was sent.'),
      expect.stringContaining('expected resend [DEVICE] or leave DEVICE, found leave'),
      expect.stringContaining('found go'),
    ]);
    await again.stop();
    device.close();
  });
});
