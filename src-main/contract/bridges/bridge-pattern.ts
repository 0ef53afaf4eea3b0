import { parseAddress, parsePattern, type Pattern } from '../address.ts';
import { InputError } from '../errors.ts';

/** What a bridge hears: everything under its prefix.
 *  @throws InputError 'bad-address' | 'bad-pattern' for a prefix under which nothing can be, saying what to repair */
export function bridgePattern(prefix: string): Pattern {
  const address = parseAddress(prefix);
  if (address.endsWith('/')) throw new InputError('bad-address', 'Remove the slash at the end.', { address });
  return parsePattern(`${address}/**`);
}

/** @returns undefined for a prefix under which nothing can be */
export function tryBridgePattern(prefix: string): Pattern | undefined {
  try {
    return bridgePattern(prefix);
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}
