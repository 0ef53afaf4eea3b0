import { UnavailableError } from '../../contract/errors.ts';
import { findPath, findUsb, tryUsbName, type UsbIdentity } from './port-identity.ts';
import { listFault } from './open-fault.ts';
import type { SerialPorts } from '../../ports/serial-ports.ts';

/** Where the port of a device is now.
 *  @param device a path, `COM3`, or `usb=VID:PID[:SERIAL]`
 *  @param seen what was open at this place before
 *  @throws UnavailableError 'cannot-open-port', a sentence that says what to do */
export async function findPort(
  device: string,
  ports: Pick<SerialPorts, 'list'>,
  seen: UsbIdentity | undefined,
): Promise<string> {
  const usb = tryUsbName(device);
  if (!usb && !seen) return device;
  const known = await ports.list().catch((cause: unknown) => {
    if (usb) throw listFault(cause);
    return [];
  });
  const found = usb ? findUsb(usb, known) : findPath(device, seen, known);
  if ('path' in found) return found.path;
  throw new UnavailableError('cannot-open-port', found.trouble, { device });
}
