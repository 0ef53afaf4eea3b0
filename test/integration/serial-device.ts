import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { python, startFarDevice, type FarDevice } from './far-device.ts';

export const hasPyserial = spawnSync(python, ['-c', 'import serial']).status === 0;
const script = fileURLToPath(new URL('serial-devices.py', import.meta.url));

export interface DeviceReport {
  /** messages since the report before */
  readonly got: readonly string[];
  /** what was not as the device wants it */
  readonly faults: readonly string[];
}

export type SerialDevice = FarDevice<DeviceReport>;

export function startDevice(port: string, kind: 'board' | 'projector' | 'modbus' | 'cobs'): Promise<SerialDevice> {
  return startFarDevice([script, port, kind]);
}
