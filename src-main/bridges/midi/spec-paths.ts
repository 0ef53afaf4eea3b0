import { tryNumber, type Value } from '../../contract/signal.ts';

/** What the first part is called here, and how many numbers it takes besides a channel. */
const words: Readonly<Record<string, { readonly own: string; readonly numbers: number }>> = {
  note: { own: 'note', numbers: 0 },
  cc: { own: 'cc', numbers: 1 },
  bend: { own: 'bend', numbers: 0 },
  pb: { own: 'bend', numbers: 0 },
  program: { own: 'program', numbers: 0 },
  pc: { own: 'program', numbers: 0 },
  pressure: { own: 'pressure', numbers: 0 },
  poly: { own: 'pressure', numbers: 1 },
};

/** Addresses of the CLASP specification, which have no channel (`cc/7`, `note` with a channel in its map), and of the guides of its
 *  reference, which have it behind the word (`cc/0/7`, `pb/0`, `note/0/60`), as those of this bridge (`0/cc/7`).
 *  @param parts behind the device's address
 *  @param firstChannel what is meant where no channel is said
 *  @returns undefined for any other address
 *  @see CLASP-Protocol.md 8.2; CLASP-WIRE §16 */
export function ownPartsOf(
  parts: readonly string[],
  value: Value,
  firstChannel: number,
): readonly string[] | undefined {
  const [first = '', ...rest] = parts;
  const word = Object.hasOwn(words, first) ? words[first] : undefined;
  if (!word || rest.some((part) => !/^\d+$/.test(part))) return undefined;
  const { own, numbers } = word;
  // A note of its own has a velocity for a value.
  const isNote = own === 'note' && rest.length === 2;
  if (rest.length === numbers) return [String(channelIn(value) ?? firstChannel), own, ...rest];
  const [channel = '', ...details] = rest;
  return rest.length === numbers + 1 || isNote ? [channel, own, ...details] : undefined;
}

function channelIn(value: Value): number | undefined {
  const channel = value.type === 'map' ? Object.fromEntries(value.value)['channel'] : undefined;
  return channel && tryNumber(channel);
}
