import type { Clock } from '../../ports/clock.ts';
import type { HidAccess } from '../../ports/hid-ports.ts';
import { createHidWatch } from './hid-watch.ts';
import { readLayouts, type LayoutFolders } from './read-layouts.ts';
import { systemHidPorts } from './system-hid-ports.ts';

/** The HID devices of this machine, with one look for all who wait for one. Nothing is loaded before somebody does. */
export function createHidAccess(clock: Clock, folders: LayoutFolders): HidAccess {
  const ports = systemHidPorts();
  return { ports, watch: createHidWatch({ ports, clock }), layouts: () => readLayouts(folders) };
}
