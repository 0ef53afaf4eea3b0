import type { ShowRef } from './engine-api.ts';
import { showLimits } from './show.ts';

export const showExtension = '.flyrail';
/** UTF-8 bytes; leaves room for the extension and for the files written beside, within the 255 of common file systems. */
const nameBytesMax = 200;
const reservedNames = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)/i;

/** Why a show cannot be kept in the data folder under this name, on any of the three systems; undefined when it can. */
export function showNameProblem(name: string): string | undefined {
  if (name === '') return 'Give the show a name.';
  if (name.length > showLimits.name) return `The name is too long: at most ${showLimits.name} characters.`;
  const excess = charactersTooMany(name);
  if (excess > 0) {
    return `The name is too long for a file: characters beyond A to Z take more room. Take ${excess} away.`;
  }
  // eslint-disable-next-line no-control-regex -- control characters are what it looks for
  if (/[/\\:*?"<>|\u0000-\u001f\u007f]/.test(name))
    return 'A name holds none of / \\ : * ? " < > | and no control characters.';
  if (/\p{Surrogate}/u.test(name)) return 'The name holds half a character. Type it again.';
  if (name.startsWith('.')) return 'A name does not start with a dot.';
  if (name !== name.trim() || name.endsWith('.'))
    return 'A name neither starts nor ends with a space, nor ends with a dot.';
  if (reservedNames.test(name)) return `Windows keeps the name ${name} for itself. Choose another.`;
  return undefined;
}

/** How many characters at the end must go for the rest to fit into `nameBytesMax`. */
function charactersTooMany(name: string): number {
  const encoder = new TextEncoder();
  let bytes = encoder.encode(name).length;
  let excess = 0;
  for (const character of Array.from(name).reverse()) {
    if (bytes <= nameBytesMax) break;
    bytes -= encoder.encode(character).length;
    excess++;
  }
  return excess;
}

/** Equal for names that some file systems cannot tell apart. */
export function showNameKey(name: string): string {
  return name.normalize('NFC').toLowerCase();
}

/** What an operator calls the file: its name in the data folder, or its path. */
export function showRefText(ref: ShowRef): string {
  return 'name' in ref ? ref.name : ref.path;
}

export function sameShowRef(left: ShowRef, right: ShowRef): boolean {
  if ('name' in left) return 'name' in right && showNameKey(left.name) === showNameKey(right.name);
  return 'path' in right && left.path === right.path;
}
