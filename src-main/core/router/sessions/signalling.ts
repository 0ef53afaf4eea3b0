import { parsePattern } from '../../../contract/address.ts';
import type { Signalling } from '../../../ports/signalling.ts';
import { p2pAnnounceAddress } from '../../protocol/p2p.ts';
import type { LocalSession } from '../delivery/delivery.ts';
import type { PeerSignals } from './peer-signals.ts';

/** @param openLocal opens who stands at what is announced */
export function signallingOf(signals: PeerSignals, openLocal: (name: string) => LocalSession): Signalling {
  return {
    open: (id, run) => {
      const end = signals.receive(id, run);
      const local = openLocal(`signalling ${id}`);
      return {
        send: (to, value) => signals.send(to, value),
        announce: (value) => void local.publish([{ kind: 'event', address: p2pAnnounceAddress, value }]),
        onAnnounce: (heard) => void local.subscribe(parsePattern(p2pAnnounceAddress), () => heard()),
        close: () => {
          end();
          local.close();
        },
      };
    },
  };
}
