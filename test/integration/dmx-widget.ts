import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { until } from '../until.ts';

export const python = '/usr/bin/python3';
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
export interface Widget {
  tell(command: string): void;
  report(): Promise<WidgetReport>;
  leave(): Promise<void>;
}

export async function startWidget(port: string, kind: 'pro' | 'open', slots = 512): Promise<Widget> {
  const child = spawn(python, [script, port, kind, String(slots)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const lines: string[] = [];
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts);
  });
  child.stdin.on('error', () => undefined);
  await until('the widget to be ready', () => lines.includes('ready'));
  return {
    tell: (command) => child.stdin.write(`${command}\n`),
    report: async () => {
      const before = lines.length;
      child.stdin.write('report\n');
      await until('the report of the widget', () => lines.slice(before).some((line) => line.startsWith('{')));
      return JSON.parse(lines.slice(before).find((line) => line.startsWith('{')) ?? '') as WidgetReport;
    },
    leave: async () => {
      child.stdin.end();
      await ended;
    },
  };
}
