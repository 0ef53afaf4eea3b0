import type { SerialPortEntry } from '../../contract/device.ts';
import type { PortInfo, SerialPorts } from '../../ports/serial-ports.ts';
import { listFault } from './open-fault.ts';
import { identityOf } from './port-identity.ts';
import { portUsers, type PortUser } from './port-users.ts';
import { portWords } from './port-words.ts';
import { systemPorts } from './system-ports.ts';

/** What is plugged in, by path. Ports that were built in and lead to nothing are left out where the system lists them all.
 *  None is opened for it: that would reset what is at some.
 *  @throws UnavailableError 'cannot-open-port' where the system does not tell */
export async function listSerialPorts(
  ports: Pick<SerialPorts, 'list'> = systemPorts,
): Promise<readonly SerialPortEntry[]> {
  const listed = await ports.list().catch((cause: unknown) => Promise.reject(listFault(cause)));
  const known = listed.filter((port) => !isBuiltInLinux(port));
  const users = await portUsers(known.map(({ path }) => path));
  return known
    .map((port) => entryOf(port, users.get(port.path)))
    .toSorted((one, other) => one.path.localeCompare(other.path, 'en', { numeric: true }));
}

/** Linux lists 32 of them on any machine, whether or not they are there. */
function isBuiltInLinux({ path, vendorId, pnpId }: PortInfo): boolean {
  return /^\/dev\/ttyS\d+$/.test(path) && vendorId === undefined && !pnpId;
}

function entryOf(port: PortInfo, user: PortUser | undefined): SerialPortEntry {
  const { path, serialNumber = '' } = port;
  const identity = identityOf(port);
  return {
    path,
    device: identity && serialNumber !== '' ? `usb=${identity.vendorId}:${identity.productId}:${serialNumber}` : path,
    words: portWords(port),
    vendorId: identity?.vendorId ?? null,
    productId: identity?.productId ?? null,
    serialNumber: serialNumber === '' ? null : serialNumber,
    usedBy: user ?? null,
  };
}
