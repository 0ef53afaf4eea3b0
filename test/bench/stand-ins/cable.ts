import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import type { PortPair } from './datagram-port.ts';

export type CabledDevice = 'midi' | 'hid';

/** Names the folder that says which devices are plugged in, for a product with stand-ins. Without it all are, for good. */
export const cableFolderVariable = 'FLYRAIL_STAND_INS';

/** Where the library hears and speaks to a device.
 *  @param fixed where nobody unplugs anything
 *  @returns undefined while it is unplugged */
export function cableOf(device: CabledDevice, fixed: PortPair): PortPair | undefined {
  const folder = process.env[cableFolderVariable];
  if (folder === undefined) return fixed;
  try {
    return JSON.parse(readFileSync(join(folder, device), 'utf8')) as PortPair;
  } catch {
    return undefined;
  }
}

export function plugIn(folder: string, device: CabledDevice, ports: PortPair): void {
  writeFileSync(join(folder, device), JSON.stringify(ports));
}

export function unplug(folder: string, device: CabledDevice): void {
  rmSync(join(folder, device), { force: true });
}
