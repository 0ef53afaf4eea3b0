import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

/** Where Linux tells of its raw HID devices. */
export const hidrawFolder = '/sys/class/hidraw';

/** The socket that a device is plugged into, as in `usb-0000:00:14.0-2`; empty where it is not told. */
export async function placeOf(path: string, folder = hidrawFolder): Promise<string> {
  const text = await readFile(join(folder, basename(path), 'device', 'uevent'), 'utf8').catch(() => '');
  const [, place = ''] = /^HID_PHYS=(.*)$/m.exec(text) ?? [];
  // Behind the socket stands which part of the device it is.
  return place.replace(/\/input\d+$/, '');
}

/** How the device describes its reports; undefined where it is not told. */
export async function describe(path: string, folder = hidrawFolder): Promise<Uint8Array | undefined> {
  return readFile(join(folder, basename(path), 'device', 'report_descriptor')).catch(() => undefined);
}
