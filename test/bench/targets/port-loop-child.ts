import { openDatagramPort } from '../stand-ins/datagram-port.ts';
import { plainHidPorts, plainMidiPorts } from '../stand-ins/plain-ports.ts';

/** Sends back what a device says at the place where the libraries of MIDI and HID are stood in for, with nothing around it, as a process
 *  of its own: what the stand-in itself takes. */
const loops = {
  midi: { ports: plainMidiPorts, back: (bytes: Uint8Array) => bytes },
  hid: {
    ports: plainHidPorts,
    // The trigger of the report that comes, as the lamp of the one that goes.
    back: (bytes: Uint8Array) => Uint8Array.of(5, 7, 0, 0, 0, 0, bytes[8] ?? 0),
  },
};

const loop = loops[process.argv[2] as keyof typeof loops];
const cable = openDatagramPort(loop.ports.toLibrary, loop.ports.toDevice, (bytes) => cable.send(loop.back(bytes)));
process.stdout.write(`port ${loop.ports.toLibrary}\n`);
process.once('SIGTERM', () => process.exit());
