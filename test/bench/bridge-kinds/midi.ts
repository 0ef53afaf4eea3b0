import { openDatagramPort } from '../stand-ins/datagram-port.ts';
import { midiPortName, midiPorts } from '../stand-ins/midi-library.ts';
import { plainMidiPorts } from '../stand-ins/plain-ports.ts';
import type { FarEnd, OverheadKind } from './overhead-kind.ts';

/** [MIDI 1.0] pitch bend of the first channel: fourteen bits, 8192 in the middle */
const bend = 0xe0;
const middle = 8192;

/** A keyboard at the place of MIDI's library, since a machine of the bench has no sequencer. */
export const midi: OverheadKind = {
  kind: 'midi',
  bridge: {
    kind: 'midi',
    settings: { input: midiPortName, output: midiPortName, pace: 'none', prefix: '/midi', device: 'bench' },
  },
  addresses: { in: '/midi/bench/ch/0/bend', out: '/midi/bench/ch/0/bend' },
  note:
    'midi: pitch bends. In the place of `@julusian/midi` stands a program of the bench that takes whole messages by UDP: its native part, ' +
    'ALSA, USB and the wire (1 ms for three bytes at 31,250 baud) are not measured.',
  peer: 'node-midi',
  open: (peerPort) => {
    const ports = peerPort === undefined ? midiPorts : plainMidiPorts;
    const end: FarEnd = {
      send: (n) => cable.send(Uint8Array.of(bend, (n + middle) & 0x7f, (n + middle) >> 7)),
      onNumber: () => undefined,
      close: () => cable.close(),
    };
    const cable = openDatagramPort(ports.toDevice, ports.toLibrary, ([status, low = 0, high = 0]) => {
      if (status === bend) end.onNumber((high << 7) + low - middle);
    });
    return Promise.resolve(end);
  },
};
