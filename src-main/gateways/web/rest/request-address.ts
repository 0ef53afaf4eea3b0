import { InputError } from '../../../contract/errors.ts';

/** Where addresses begin in URLs. */
export const signalsPath = '/api/signals';
const shortPath = '/api';

/** What stands behind `/api/` for itself; addresses that begin so have the long form only. */
const reserved: ReadonlySet<string> = new Set(['signals', 'events', 'health', 'openapi.json']);

/** The address or pattern that a URL names: all behind `/api/signals`, or behind `/api` in the short form, with its `%` undone.
 *  @param url as the request has it
 *  @returns undefined for a path of the door's own
 *  @throws InputError 'bad-address' for a `%` that stands for nothing, or not for UTF-8 */
export function addressOfUrl(url: string): string | undefined {
  const [path = ''] = url.split(/[?#]/, 1);
  const isLong = path.startsWith(`${signalsPath}/`);
  const written = path.slice((isLong ? signalsPath : shortPath).length);
  const decoded = decode(written);
  return !isLong && reserved.has(decoded.split('/')[1] ?? '') ? undefined : decoded;
}

/** The URL of an address, in the long form. */
export function urlOfAddress(address: string): string {
  return signalsPath + address.split('/').map(encodeURIComponent).join('/');
}

function decode(written: string): string {
  try {
    return decodeURIComponent(written);
  } catch (cause) {
    const words = 'Expected an address in UTF-8, each % with two hexadecimal digits behind it.';
    throw new InputError('bad-address', words, {}, { cause });
  }
}
