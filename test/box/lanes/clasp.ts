import { Clasp } from '@clasp-to/core';
import { freePort } from '../../free-port.ts';
import { openClaspPort } from '../../integration/clasp-port.ts';
import { CuttableLine } from '../cuttable-line.ts';
import type { LanePlan } from '../lane.ts';
import { Tally } from '../tally.ts';

/** Another router behind a CLASP link whose cable is cut, with the official client at its far side. */
export async function planClaspLink(): Promise<LanePlan> {
  const far = await openClaspPort();
  const port = await freePort();
  const line = new CuttableLine(port, far.port);
  return {
    id: 'foh',
    bridge: { kind: 'clasp', settings: { url: `ws://127.0.0.1:${port}/clasp`, prefix: '/foh', take: ['/in'] } },
    begin: async ({ client, hear, onEnd }) => {
      const [into, out] = [new Tally('CLASP link, in', 'every'), new Tally('CLASP link, out', 'every')];
      await line.join();
      onEnd(() => line.cut());
      const peer = new Clasp(far.url, { reconnect: false });
      await peer.connect();
      onEnd(() => far.stop());
      onEnd(() => peer.close());
      peer.on('/out', (n) => out.came(Number(n)));
      hear('/foh/in', (n) => into.came(n));
      return {
        tallies: [into, out],
        perSecond: 50,
        turn: (n) => {
          into.sent(n);
          peer.emit('/in', n);
          out.sent(n);
          client.emit('/foh/out', n);
        },
        unplug: () => line.cut(),
        plug: () => line.join(),
      };
    },
  };
}
