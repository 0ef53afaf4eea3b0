import { HttpBridge } from '../../../src-main/bridges/http/http-bridge.ts';
import type { Address } from '../../../src-main/contract/address.ts';
import { fromJson, type Signal } from '../../../src-main/contract/signal.ts';
import { createSystemRandom } from '../../../src-main/platform/system-random.ts';
import { CountingClock } from '../../conformance/bridge.ts';
import { describeDeviceBridge, type DeviceWorld } from '../../conformance/device-bridge.ts';
import { silentLog } from '../../silent-log.ts';
import { until } from '../../until.ts';
import { httpSettings } from '../bridge-settings.ts';
import { WebServer } from './web-server.ts';

const param = (address: string, value: unknown): Signal => ({
  kind: 'param',
  address: address as Address,
  value: fromJson(value),
});

describeDeviceBridge('HTTP', {
  prefix: '/http',
  sends: param('/http/lamp/1', 0.5),
  refuses: param('/http/lamp/1', 'x'.repeat(60_001)),
  make: async (isThere): Promise<DeviceWorld> => {
    const server = new WebServer();
    await server.listen();
    if (!isThere) server.kill();
    const clock = new CountingClock();
    const bridge = new HttpBridge(
      httpSettings({
        url: server.url,
        // Where nothing is, nothing changes: what is published is what was asked of the device.
        polls: [{ url: '/state', to: '/state', everyMs: 100, kind: 'event' }],
        webhooks: [
          { url: '/hook', from: '/lamp/**' },
          { url: '/all', kinds: ['event', 'stream', 'gesture'] },
        ],
      }),
      { clock, random: createSystemRandom(), log: silentLog, networkCards: () => [] },
    );
    let coming = Promise.resolve();
    let there = isThere;
    return {
      bridge,
      plugIn: () => {
        there = true;
        server.heard.length = 0;
        coming = server.listen();
      },
      unplug: () => {
        there = false;
        server.kill();
      },
      // As long as it takes, and a moment more; all of it only where nothing is to happen.
      pass: async (ms) => {
        await coming;
        const isSettled = (): boolean => (bridge.status().state === 'connected') === there;
        await until('it to settle', isSettled, ms).catch(() => undefined);
        await until('a moment', () => false, 150).catch(() => undefined);
      },
      open: () => server.sockets.size + clock.waiting,
      received: () => server.heard.filter(({ url }) => url === '/hook').length,
      close: async () => {
        await coming;
        server.kill();
      },
    };
  },
});
