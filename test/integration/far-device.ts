import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { until } from '../until.ts';

export const python = '/usr/bin/python3';

/** A device that is not ours, at a port: a script that says `ready`, hears commands, and answers `report` with a line of JSON. */
export interface FarDevice<Report> {
  tell(command: string): void;
  report(): Promise<Report>;
  leave(): Promise<void>;
}

/** @param command the script and its arguments */
export async function startFarDevice<Report>(command: readonly string[]): Promise<FarDevice<Report>> {
  const child = spawn(python, command, { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const lines: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
  child.stdin.on('error', () => undefined);
  await until('the device to be ready', () => lines.includes('ready'));
  return {
    tell: (words) => child.stdin.write(`${words}\n`),
    report: async () => {
      const before = lines.length;
      const told = (): string | undefined => lines.slice(before).find((line) => line.startsWith('{'));
      child.stdin.write('report\n');
      await until('the report of the device', () => told() !== undefined);
      return JSON.parse(told() ?? '') as Report;
    },
    leave: async () => {
      child.stdin.end();
      await ended;
    },
  };
}
