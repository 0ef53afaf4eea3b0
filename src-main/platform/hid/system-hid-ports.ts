import process from 'node:process';
import type { Device } from 'node-hid';
import { messageOf } from '../../contract/errors.ts';
import type { HidEvents, HidInfo, HidPorts, OpenedHid } from '../../ports/hid-ports.ts';
import { describe, hidrawFolder, placeOf } from './linux-hidraw.ts';
import { hidLoadFault, hidOpenFault } from './open-fault.ts';

/** Of the library what is used. */
export interface HidLibrary {
  devicesAsync(): Promise<Device[]>;
  readonly HIDAsync: { open(path: string, options?: { nonExclusive?: boolean }): Promise<OpenDevice> };
}

interface OpenDevice {
  on(event: 'data', run: (bytes: Uint8Array) => void): unknown;
  on(event: 'error', run: (error: unknown) => void): unknown;
  write(bytes: Buffer): Promise<unknown>;
  sendFeatureReport(bytes: Buffer): Promise<unknown>;
  close(): Promise<void>;
}

export interface SystemHidOptions {
  readonly platform?: string;
  readonly load?: () => Promise<HidLibrary>;
  /** where Linux tells of its raw HID devices */
  readonly folder?: string;
}

/** The HID devices of this machine. The library is loaded at the first call: where libusb is missing it says so then. */
export function systemHidPorts(options: SystemHidOptions = {}): HidPorts {
  const { platform = process.platform, load = loadLibrary, folder = hidrawFolder } = options;
  const isLinux = platform === 'linux';
  const library = async (): Promise<HidLibrary> =>
    load().catch((cause: unknown) => {
      throw hidLoadFault(cause);
    });
  return {
    list: async () => {
      const devices = await (await library()).devicesAsync();
      return Promise.all(
        devices.map(async (device) =>
          infoOf(device, isLinux ? await placeOf(device.path ?? '', folder) : (device.path ?? '')),
        ),
      );
    },
    describe: async (path) => (isLinux ? describe(path, folder) : undefined),
    open: async (path, events) => {
      const hid = await library();
      try {
        // On macOS a device is otherwise taken from all other programs, and from a look at it.
        return held(await hid.HIDAsync.open(path, { nonExclusive: true }), events);
      } catch (cause) {
        throw hidOpenFault(path, cause, { platform });
      }
    },
  };
}

async function loadLibrary(): Promise<HidLibrary> {
  const module = await import('node-hid');
  return module.default;
}

function infoOf(device: Device, place: string): HidInfo {
  const { path = '', serialNumber = '', manufacturer = '', product = '', usagePage = 0, usage = 0 } = device;
  const { vendorId, productId, interface: part } = device;
  return { path, vendorId, productId, serialNumber, manufacturer, product, usagePage, usage, interface: part, place };
}

function held(device: OpenDevice, { onReport, onLost }: HidEvents): OpenedHid {
  let isOver = false;
  device.on('error', (error: unknown) => {
    if (isOver) return;
    isOver = true;
    onLost(messageOf(error).replace(/\.$/, ''));
  });
  device.on('data', (bytes: Uint8Array) => {
    if (!isOver) onReport(bytes);
  });
  let closed: Promise<void> | undefined;
  return {
    write: async (bytes) => void (await device.write(Buffer.from(bytes))),
    sendFeature: async (bytes) => void (await device.sendFeatureReport(Buffer.from(bytes))),
    close: () => {
      isOver = true;
      return (closed ??= device.close());
    },
  };
}
