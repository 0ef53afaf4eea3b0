import type { HidLibrary } from '../../../src-main/platform/hid/system-hid-ports.ts';
import { openDatagramPort, type PortPair } from './datagram-port.ts';

export const hidPorts: PortPair = { toLibrary: 27_132, toDevice: 27_133 };

/** A DualShock 4 at its cable. */
const pad = {
  ...{ vendorId: 0x054c, productId: 0x09cc, path: 'bench-pad', serialNumber: '', release: 0x100 },
  ...{ manufacturer: 'Sony Interactive Entertainment', product: 'Wireless Controller' },
  ...{ interface: 3, usagePage: 1, usage: 5 },
};

/** Of `node-hid` what Flyrail calls, with one device at it. */
const library: HidLibrary = {
  devicesAsync: () => Promise.resolve([pad]),
  HIDAsync: {
    open: () => {
      let onReport: (bytes: Uint8Array) => void = () => undefined;
      const port = openDatagramPort(hidPorts.toLibrary, hidPorts.toDevice, (bytes) => onReport(bytes));
      const send = (bytes: Uint8Array): Promise<void> => {
        port.send(bytes);
        return Promise.resolve();
      };
      return Promise.resolve({
        on: (event: string, run: (bytes: Uint8Array) => void): void => {
          if (event === 'data') onReport = run;
        },
        write: send,
        sendFeatureReport: send,
        close: () => {
          port.close();
          return Promise.resolve();
        },
      });
    },
  },
};

export default library;
