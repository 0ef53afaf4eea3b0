import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { until } from '../until.ts';

const python = '/usr/bin/python3';
export const hasPyserial = spawnSync(python, ['-c', 'import serial']).status === 0;
const script = fileURLToPath(new URL('serial-devices.py', import.meta.url));

export interface DeviceReport {
  /** messages since the report before */
  readonly got: readonly string[];
  /** what was not as the device wants it */
  readonly faults: readonly string[];
}

/** A device that is not ours, at a port. */
export interface FarDevice {
  tell(command: string): void;
  report(): Promise<DeviceReport>;
  leave(): Promise<void>;
}

export async function startDevice(port: string, kind: 'board' | 'projector' | 'modbus' | 'cobs'): Promise<FarDevice> {
  const child = spawn(python, [script, port, kind], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const lines: string[] = [];
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts);
  });
  child.stdin.on('error', () => undefined);
  await until('the device to be ready', () => lines.includes('ready'));
  return {
    tell: (command) => child.stdin.write(`${command}\n`),
    report: async () => {
      const before = lines.length;
      child.stdin.write('report\n');
      await until('the report of the device', () => lines.length > before);
      return JSON.parse(lines[before] ?? '') as DeviceReport;
    },
    leave: async () => {
      child.stdin.end();
      await ended;
    },
  };
}
