import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { python, startFarDevice, type FarDevice } from './far-device.ts';

export const hasPython = existsSync(python);
const script = fileURLToPath(new URL('dmx-widget.py', import.meta.url));

export interface WidgetReport {
  readonly frames: number;
  /** what was not as the API document has it */
  readonly faults: readonly string[];
  readonly last: readonly number[];
  /** ms between frames, as they arrived */
  readonly gaps: readonly number[];
  readonly mode: number | null;
  /** break and mark in units of 10.67 µs, and frames a second */
  readonly config: readonly number[];
  /** how often they were set */
  readonly sets: number;
}

/** A DMX interface that is not ours, at a port. */
export type Widget = FarDevice<WidgetReport>;

export function startWidget(port: string, kind: 'pro' | 'open', slots = 512): Promise<Widget> {
  return startFarDevice([script, port, kind, String(slots)]);
}
