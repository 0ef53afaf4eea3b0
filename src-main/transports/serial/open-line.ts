import type { SerialPlace } from '../../platform/serial/line-settings.ts';
import { findPort } from '../../platform/serial/find-port.ts';
import { serialFault } from '../../platform/serial/open-fault.ts';
import type { UsbIdentity } from '../../platform/serial/port-identity.ts';
import type { SerialPorts } from '../../ports/serial-ports.ts';
import type { Clock } from '../../ports/clock.ts';
import { SerialLine, type LineEvents } from './serial-line.ts';
import type { SerialLimits } from './serial-limits.ts';

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
  const { ports, place, seen } = options;
  const path = await findPort(place.device, ports, seen);
  try {
    const port = await ports.open(path, place.line);
    return { line: new SerialLine({ ...options, port, path, line: place.line }), path };
  } catch (error) {
    throw serialFault(path, error);
  }
}
