import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { SerialAccess } from '../../ports/serial-ports.ts';
import { createPortWatch } from './port-watch.ts';
import { systemPorts } from './system-ports.ts';

/** The serial ports of this machine, with one look for all who wait for a device. */
export function createSerialAccess({ clock, log }: { readonly clock: Clock; readonly log: Log }): SerialAccess {
  return { ports: systemPorts, watch: createPortWatch({ ports: systemPorts, clock, log }) };
}
