/** A port as the system lists it. Ids are hexadecimal; only what is plugged in by USB has them. */
export interface PortInfo {
  readonly path: string;
  readonly vendorId?: string | undefined;
  readonly productId?: string | undefined;
  readonly serialNumber?: string | undefined;
}

/** What stays the same when a box is plugged in again, elsewhere. Cheap ones have no serial number. */
export interface UsbIdentity {
  readonly vendorId: string;
  readonly productId: string;
  readonly serialNumber: string | undefined;
}

/** Where a port is now, or why it cannot be told, as a sentence. */
export type FoundPort = { readonly path: string } | { readonly trouble: string };

/** @param device `usb=0403:6001` or `usb=0403:6001:A1B2`; undefined for what is no such name */
export function tryUsbName(device: string): UsbIdentity | undefined {
  const [, vendorId, productId, serialNumber] = /^usb=([\da-f]{4}):([\da-f]{4})(?::(.+))?$/i.exec(device) ?? [];
  if (vendorId === undefined || productId === undefined) return undefined;
  return { vendorId: vendorId.toLowerCase(), productId: productId.toLowerCase(), serialNumber };
}

/** @returns undefined for a port that says nothing of itself, as those that are built in */
export function identityOf({ vendorId, productId, serialNumber }: PortInfo): UsbIdentity | undefined {
  if (vendorId === undefined || productId === undefined) return undefined;
  return {
    vendorId: vendorId.toLowerCase(),
    productId: productId.toLowerCase(),
    serialNumber: serialNumber === '' ? undefined : serialNumber,
  };
}

/** A box by its USB name. With no serial number in the name, or none in the box, it must be the only one of its kind. */
export function findUsb(wanted: UsbIdentity, ports: readonly PortInfo[]): FoundPort {
  const found = ports.filter((port) => isSame(wanted, port));
  const [first] = found;
  const name = nameOf(wanted);
  if (!first) return { trouble: `No USB device ${name} is plugged in.` };
  if (found.length === 1) return { path: first.path };
  const paths = found.map(({ path }) => path).join(' and ');
  return { trouble: `${paths} are both ${name}: name one by its serial number, or by its path.` };
}

/** A port by its path, as long as the box that was there before is not found elsewhere: the system numbers them as they come.
 *  A box that takes the place of a missing one is taken for its spare.
 *  @param seen what was open at this path before */
export function findPath(path: string, seen: UsbIdentity | undefined, ports: readonly PortInfo[]): FoundPort {
  if (!seen) return { path };
  const found = ports.filter((port) => isSame(seen, port));
  const [first] = found;
  if (!first || found.some((port) => port.path === path)) return { path };
  // Without a serial number several that are alike cannot be told apart.
  return found.length === 1 ? { path: first.path } : { path };
}

function isSame(wanted: UsbIdentity, port: PortInfo): boolean {
  const identity = identityOf(port);
  if (identity?.vendorId !== wanted.vendorId || identity.productId !== wanted.productId) return false;
  return wanted.serialNumber === undefined || identity.serialNumber === wanted.serialNumber;
}

function nameOf({ vendorId, productId, serialNumber }: UsbIdentity): string {
  return [vendorId, productId, ...(serialNumber === undefined ? [] : [serialNumber])].join(':');
}
