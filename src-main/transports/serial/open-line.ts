import { UnavailableError } from '../../contract/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { SerialPlace } from './line-settings.ts';
import { serialFault } from './open-fault.ts';
import { findPath, findUsb, tryUsbName, type UsbIdentity } from './port-identity.ts';
import { SerialLine, type LineEvents } from './serial-line.ts';
import type { SerialLimits } from './serial-limits.ts';
import type { SerialPorts } from './serial-ports.ts';

interface OpenLineOptions {
  readonly place: SerialPlace;
  readonly ports: SerialPorts;
  readonly clock: Clock;
  readonly limits: SerialLimits;
  readonly events: LineEvents;
  /** what was open at this place before */
  readonly seen?: UsbIdentity | undefined;
}

/** Finds a port and takes it for us alone.
 *  @throws UnavailableError 'port-in-use' | 'cannot-open-port', a sentence that says what to do */
export async function openLine(options: OpenLineOptions): Promise<{ line: SerialLine; path: string }> {
  const { ports, place } = options;
  const path = await currentPath(options);
  try {
    const port = await ports.open(path, place.line);
    return { line: new SerialLine({ ...options, port, line: place.line }), path };
  } catch (error) {
    throw serialFault(path, error);
  }
}

async function currentPath({ place: { device }, ports, seen }: OpenLineOptions): Promise<string> {
  const usb = tryUsbName(device);
  if (!usb && !seen) return device;
  const known = await ports.list();
  const found = usb ? findUsb(usb, known) : findPath(device, seen, known);
  if ('path' in found) return found.path;
  throw new UnavailableError('cannot-open-port', found.trouble, { device });
}
