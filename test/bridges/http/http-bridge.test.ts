import { HttpBridge } from '../../../src-main/bridges/http/http-bridge.ts';
import { createSystemRandom } from '../../../src-main/platform/system-random.ts';
import { describeDeviceBridge } from '../../conformance/device-bridge.ts';
import { dialledDevice } from '../../conformance/dialled-device.ts';
import { param } from '../../json-signals.ts';
import { silentLog } from '../../silent-log.ts';
import { httpSettings } from '../bridge-settings.ts';
import { WebServer } from './web-server.ts';

describeDeviceBridge('HTTP', {
  prefix: '/http',
  sends: param('/http/lamp/1', 0.5),
  refuses: param('/http/lamp/1', 'x'.repeat(60_001)),
  make: (isThere) => {
    const server = new WebServer();
    const needs = { random: createSystemRandom(), log: silentLog, networkCards: () => [] };
    return dialledDevice(isThere, {
      server,
      dial: (clock) =>
        new HttpBridge(
          httpSettings({
            url: server.url,
            // Where nothing is, nothing changes: what is published is what was asked of the device.
            polls: [{ url: '/state', to: '/state', everyMs: 100, kind: 'event' }],
            webhooks: [
              { url: '/hook', from: '/lamp/**' },
              { url: '/all', kinds: ['event', 'stream', 'gesture'] },
            ],
          }),
          { ...needs, clock },
        ),
      connections: () => server.sockets.size,
      received: () => server.heard.filter(({ url }) => url === '/hook').length,
    });
  },
});
