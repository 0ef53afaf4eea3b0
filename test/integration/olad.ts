import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../temporary-folder.ts';
import { until } from '../until.ts';
import { hasProgram } from './find-program.ts';
import type { NetworkHall } from './network-hall.ts';

/** Whether OLA is there, and what lets it run as nobody. */
export const hasOla = ['olad', 'ola_dev_info', 'ola_patch', 'ola_set_dmx', 'ola_recorder', 'setpriv'].every(hasProgram);

export interface Olad {
  /** where it may write */
  readonly folder: string;
  /** what `ola_dev_info` said of its devices */
  readonly devices: string;
  /** Runs one of its commands to its end. @returns what it printed */
  run(...command: string[]): Promise<string>;
}

interface OladSettings {
  /** what its files `ola-PLUGIN.conf` say, by plugin */
  readonly plugins: Readonly<Record<string, string>>;
  /** a device that it has to find before it can be used */
  readonly awaits: RegExp;
  /** a folder of a test's own; otherwise a new one */
  readonly folder?: string;
}

/** Starts OLA on the other machine. It does not run as root. */
export async function startOlad(
  hall: NetworkHall,
  { plugins, awaits, folder = temporaryFolder() }: OladSettings,
): Promise<Olad> {
  chmodSync(folder, 0o777);
  for (const [plugin, text] of Object.entries(plugins)) {
    const path = join(folder, `ola-${plugin}.conf`);
    writeFileSync(path, text);
    chmodSync(path, 0o666);
  }
  const nobody = ['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups'];
  hall.start(hall.peer, ...nobody, 'olad', '-c', folder, '--no-http', '-l', '3');
  const run = async (...command: string[]): Promise<string> => {
    const program = hall.start(hall.peer, ...command);
    await until(command.join(' '), () => program.child.exitCode !== null);
    return program.output();
  };
  let devices = '';
  for (const deadline = performance.now() + 20_000; !awaits.test(devices);) {
    if (performance.now() > deadline) throw new Error(`OLA found no ${awaits.source} in 20 s, but: ${devices}`);
    devices = await run('ola_dev_info');
  }
  return { folder, devices, run };
}

/** @param name how it begins
 *  @returns the number of OLA's first device that is called so */
export function oladDevice({ devices }: Olad, name: RegExp): string {
  return new RegExp(`Device (\\d+): ${name.source}`).exec(devices)?.[1] ?? '';
}
