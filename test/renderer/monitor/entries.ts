import type { MonitorEntry } from '../../../src-main/contract/live-events.ts';
import { f64 } from '../../../src-main/contract/signal.ts';
import { micros } from '../../../src-main/contract/units.ts';

/** A line of the monitor; numbered lines differ in address and instant. */
export function monitorEntry(sequence: number, more: Partial<MonitorEntry> = {}): MonitorEntry {
  return {
    sequence,
    at: micros(1_700_000_000_000_000 + sequence * 1000),
    direction: 'in',
    device: 'foh-desk',
    kind: 'param',
    address: `/desk/fader/${sequence}`,
    value: f64(0.5),
    because: 'operator touch',
    trouble: false,
    ...more,
  };
}
