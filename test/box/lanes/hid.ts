import { openPad } from '../../bench/bridge-kinds/hid.ts';
import type { FarEnd } from '../../bench/bridge-kinds/overhead-kind.ts';
import { freeUdpPort } from '../../integration/free-udp-port.ts';
import type { LanePlan } from '../lane.ts';
import { levelOf, Tally } from '../tally.ts';

const full = 255;

/** A game pad in the place of HID's library, since this machine can have no virtual one: its trigger moves, and its lamp is set. */
export async function planHid(): Promise<LanePlan> {
  const ports = { toLibrary: await freeUdpPort(), toDevice: await freeUdpPort() };
  return {
    id: 'pad',
    bridge: { kind: 'hid', settings: { device: 'hid=054c:09cc', prefix: '/pad', onUnplug: 'hold' } },
    begin: async ({ client, hear, cables, onEnd }) => {
      const [into, out] = [new Tally('HID, in', 'flow'), new Tally('HID, out', 'flow')];
      let pad: FarEnd | undefined;
      const plug = (): Promise<void> => {
        pad = openPad(ports);
        pad.onNumber = (level) => out.came(level);
        cables.plug('hid', ports);
        return Promise.resolve();
      };
      const unplug = (): Promise<void> => {
        cables.unplug('hid');
        void pad?.close();
        pad = undefined;
        return Promise.resolve();
      };
      await plug();
      onEnd(unplug);
      hear('/pad/trigger/left', (part) => into.came(Math.round(part * full)));
      return {
        tallies: [into, out],
        perSecond: 50,
        turn: (n) => {
          const level = levelOf(n);
          if (pad) into.sent(level);
          pad?.send(level);
          out.sent(level);
          client.set('/pad/light/red', level / full);
        },
        unplug,
        plug,
      };
    },
  };
}
