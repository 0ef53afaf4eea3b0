import { spawnSync } from 'node:child_process';

/** @returns the first version number a program says of itself; undefined when it is not installed */
export function versionOf(program: string, ...args: readonly string[]): string | undefined {
  const { error, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  return error ? undefined : /\d+\.\d+(\.\d+)?/.exec(stdout + stderr)?.[0];
}
