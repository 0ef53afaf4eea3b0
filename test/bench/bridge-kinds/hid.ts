import { openDatagramPort, type PortPair } from '../stand-ins/datagram-port.ts';
import { hidPorts } from '../stand-ins/hid-library.ts';
import { plainHidPorts } from '../stand-ins/plain-ports.ts';
import type { FarEnd, OverheadKind } from './overhead-kind.ts';

/** A report of a DualShock 4 by cable at rest, whose byte 8 is the left trigger. */
const report = Buffer.alloc(64);
report.write('0180808080080000', 'hex');
/** It tells how it stands, changed or not; Flyrail knows by that how it is connected. */
const everyMs = 100;
const triggerByte = 8;
/** in the report that goes out */
const redByte = 6;

/** A game pad at the place of HID's library: its trigger, and the colour of its lamp. */
export const hid: OverheadKind = {
  kind: 'hid',
  bridge: { kind: 'hid', settings: { device: 'hid=054c:09cc', prefix: '/pad', rate: 250 } },
  addresses: { in: '/pad/trigger/left', out: '/pad/light/red' },
  perSecond: 125,
  isLevel: true,
  scale: 255,
  note:
    'hid: reports of a DualShock 4, 125 a second. In the place of `node-hid` stands a program of the bench that takes reports by UDP: its ' +
    "native part, the kernel's hidraw and USB (4 ms between two reports) are not measured. Axes are told 250 times a second at most.",
  peer: 'node-hid',
  open: (peerPort) => Promise.resolve(openPad(peerPort === undefined ? hidPorts : plainHidPorts)),
};

/** A game pad whose trigger and lamp go from 0 to 255. */
export function openPad(ports: PortPair): FarEnd {
  const end: FarEnd = {
    send: (level) => {
      report.writeUInt8(level, triggerByte);
      cable.send(Buffer.from(report));
    },
    onNumber: () => undefined,
    close: () => {
      clearInterval(timer);
      cable.close();
    },
  };
  const cable = openDatagramPort(ports.toDevice, ports.toLibrary, (bytes) => end.onNumber(bytes[redByte] ?? 0));
  const timer = setInterval(() => cable.send(Buffer.from(report)), everyMs);
  return end;
}
