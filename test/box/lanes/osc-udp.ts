import osc, { type OscPort } from 'osc';
import { freeUdpPort } from '../../integration/free-udp-port.ts';
import type { LanePlan } from '../lane.ts';
import { Tally } from '../tally.ts';

/** A desk of 100 fader messages a second, by the npm package osc. UDP promises nothing: the last value has to stand. */
export async function planOscUdp(): Promise<LanePlan> {
  const [listenPort, devicePort] = [await freeUdpPort(), await freeUdpPort()];
  const target = { host: '127.0.0.1', port: devicePort };
  return {
    id: 'desk',
    bridge: { kind: 'osc', settings: { listenHost: '127.0.0.1', listenPort, targets: [target], prefix: '/desk' } },
    begin: async ({ client, hear, onEnd }) => {
      const [into, out] = [new Tally('OSC by UDP, in', 'newest'), new Tally('OSC by UDP, out', 'newest')];
      const place = { localAddress: '127.0.0.1', localPort: devicePort };
      let desk: OscPort | undefined;
      const open = async (): Promise<void> => {
        const port = new osc.UDPPort({ ...place, remoteAddress: '127.0.0.1', remotePort: listenPort });
        const opened = new Promise<void>((resolve, reject) => {
          port.on('ready', resolve);
          port.on('error', reject);
        });
        port.on('message', ({ args }) => out.came(Number(args[0])));
        port.open();
        await opened;
        desk = port;
      };
      const close = (): Promise<void> => {
        desk?.close();
        desk = undefined;
        return Promise.resolve();
      };
      await open();
      onEnd(close);
      hear('/desk/in', (n) => into.came(n));
      return {
        tallies: [into, out],
        perSecond: 100,
        turn: (n) => {
          if (desk) into.sent(n);
          desk?.send({ address: '/in', args: [n] });
          out.sent(n);
          client.set('/desk/out', n);
        },
        unplug: close,
        plug: open,
        isDeaf: true,
      };
    },
  };
}
