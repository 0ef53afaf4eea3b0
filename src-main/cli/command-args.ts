import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import { InputError } from '../contract/errors.ts';
import { flagFault } from './flag-fault.ts';

/** Takes the arguments behind a command apart, words and flags in any order.
 *  @param command as it is called: `pub`
 *  @throws InputError 'bad-flag', one sentence */
export function parseCommandArgs<T extends ParseArgsOptionsConfig>(
  command: string,
  args: readonly string[],
  options: T,
) {
  try {
    return parseArgs({ args: [...args], strict: true, allowPositionals: true, options });
  } catch (cause) {
    throw badFlag(command, flagFault(cause), cause);
  }
}

/** @param reason a clause: what was expected */
export function badFlag(command: string, reason: string, cause?: unknown): InputError {
  return new InputError('bad-flag', `${reason}. flyrail ${command} --help tells how it is used.`, {}, { cause });
}
