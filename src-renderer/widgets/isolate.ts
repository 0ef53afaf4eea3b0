const firstStrongIsolate = '\u2068';
const endOfIsolate = '\u2069';
/** Hebrew, Arabic and their forms, and the marks that turn the direction of what follows. */
const turnsDirection = /[\u0590-\u08ff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufefc]/;

/** A name or an address as it stands inside a sentence that is plain text: what runs the other way in it ends with it.
 *  In markup a `<bdi>` does the same. */
export function isolated(text: string): string {
  if (!turnsDirection.test(text)) return text;
  return `${firstStrongIsolate}${text.replaceAll(endOfIsolate, '')}${endOfIsolate}`;
}
