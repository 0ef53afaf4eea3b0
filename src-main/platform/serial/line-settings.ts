import type { SerialLine } from '../../contract/door.ts';

/** A line as it is spoken on; all of it is known. */
export type LineSettings = { readonly [K in keyof SerialLine]-?: NonNullable<SerialLine[K]> };

/** @see CLASP-WIRE §12 */
export const usualLine: LineSettings = { baud: 115_200, dataBits: 8, parity: 'none', stopBits: 1, flow: 'none' };

/** Where a port is, and how its line is spoken on. */
export interface SerialPlace {
  /** a path, `COM3`, or `usb=VID:PID[:SERIAL]` */
  readonly device: string;
  readonly line: LineSettings;
}

export function lineSettings({ baud, dataBits, parity, stopBits, flow }: SerialLine): LineSettings {
  return {
    baud: baud ?? usualLine.baud,
    dataBits: dataBits ?? usualLine.dataBits,
    parity: parity ?? usualLine.parity,
    stopBits: stopBits ?? usualLine.stopBits,
    flow: flow ?? usualLine.flow,
  };
}
