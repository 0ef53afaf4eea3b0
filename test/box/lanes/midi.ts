import { openDatagramPort, type DatagramPort } from '../../bench/stand-ins/datagram-port.ts';
import { midiPortName } from '../../bench/stand-ins/midi-library.ts';
import { freeUdpPort } from '../../integration/free-udp-port.ts';
import type { LanePlan } from '../lane.ts';
import { Tally } from '../tally.ts';

/** [MIDI 1.0] pitch bend of the channels 1 and 2: fourteen bits, 8192 in the middle. Motor faders speak and hear so. */
const [fader, motor] = [0xe0, 0xe1];
const middle = 8192;
const bendOf = (n: number): number => (n % (2 * middle)) - middle;

/** A desk of motor faders in the place of MIDI's library, since this machine has no sequencer. */
export async function planMidi(): Promise<LanePlan> {
  const ports = { toLibrary: await freeUdpPort(), toDevice: await freeUdpPort() };
  const settings = { input: midiPortName, output: midiPortName, device: 'desk', prefix: '/midi' };
  return {
    id: 'faders',
    bridge: { kind: 'midi', settings },
    begin: async ({ client, hear, cables, onEnd }) => {
      const [into, out] = [new Tally('MIDI, in', 'newest'), new Tally('MIDI, out', 'newest')];
      let cable: DatagramPort | undefined;
      const plug = (): Promise<void> => {
        cable = openDatagramPort(ports.toDevice, ports.toLibrary, ([status, low = 0, high = 0]) => {
          if (status === motor) out.came((high << 7) + low - middle);
        });
        cables.plug('midi', ports);
        return Promise.resolve();
      };
      const unplug = (): Promise<void> => {
        cables.unplug('midi');
        cable?.close();
        cable = undefined;
        return Promise.resolve();
      };
      await plug();
      onEnd(unplug);
      hear('/midi/desk/ch/0/bend', (n) => into.came(n));
      return {
        tallies: [into, out],
        perSecond: 50,
        turn: (n) => {
          const bend = bendOf(n);
          if (cable) into.sent(bend);
          cable?.send(Uint8Array.of(fader, (bend + middle) & 0x7f, (bend + middle) >> 7));
          out.sent(bend);
          client.set('/midi/desk/ch/1/bend', bend);
        },
        unplug,
        plug,
      };
    },
  };
}
