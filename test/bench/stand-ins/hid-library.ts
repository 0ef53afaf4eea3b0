import type { HidLibrary } from '../../../src-main/platform/hid/system-hid-ports.ts';
import { cableOf } from './cable.ts';
import { openDatagramPort, type PortPair } from './datagram-port.ts';

export const hidPorts: PortPair = { toLibrary: 27_132, toDevice: 27_133 };

/** A DualShock 4 at its cable. */
const pad = {
  ...{ vendorId: 0x054c, productId: 0x09cc, path: 'bench-pad', serialNumber: '', release: 0x100 },
  ...{ manufacturer: 'Sony Interactive Entertainment', product: 'Wireless Controller' },
  ...{ interface: 3, usagePage: 1, usage: 5 },
};

/** How soon a read fails of which the cable is gone. */
const noticeMs = 50;

/** Of `node-hid` what Flyrail calls, with one device at it. */
const library: HidLibrary = {
  devicesAsync: () => Promise.resolve(cableOf('hid', hidPorts) ? [pad] : []),
  HIDAsync: {
    open: () => {
      const ports = cableOf('hid', hidPorts);
      return ports ? Promise.resolve(openPad(ports)) : Promise.reject(new Error('cannot open device'));
    },
  },
};

function openPad(ports: PortPair): Awaited<ReturnType<HidLibrary['HIDAsync']['open']>> {
  let onReport: (bytes: Uint8Array) => void = () => undefined;
  let onError: (error: Error) => void = () => undefined;
  const port = openDatagramPort(ports.toLibrary, ports.toDevice, (bytes) => onReport(bytes));
  const send = (bytes: Uint8Array): Promise<void> => {
    port.send(bytes);
    return Promise.resolve();
  };
  const timer = setInterval(() => {
    if (!cableOf('hid', hidPorts)) onError(new Error('could not read from HID device'));
  }, noticeMs);
  return {
    on: (event: string, run: (some: never) => void): void => {
      if (event === 'data') onReport = run as typeof onReport;
      if (event === 'error') onError = run as typeof onError;
    },
    write: send,
    sendFeatureReport: send,
    close: () => {
      clearInterval(timer);
      port.close();
      return Promise.resolve();
    },
  };
}

export default library;
