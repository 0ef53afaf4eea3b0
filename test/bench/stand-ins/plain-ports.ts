import type { PortPair } from './datagram-port.ts';

/** Of the plain programs, beside those that Flyrail has. */
export const plainMidiPorts: PortPair = { toLibrary: 27_134, toDevice: 27_135 };
export const plainHidPorts: PortPair = { toLibrary: 27_136, toDevice: 27_137 };
