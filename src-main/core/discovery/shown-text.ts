/** What a screen or terminal obeys instead of showing: controls, lone surrogates, ends of lines, turns of direction, and what
 *  has no width. */
const obeyed = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+/gu;
const spaces = / {2,}/g;

/** A text from the network as one line that may be shown anywhere.
 *  @param charactersMax code points; a longer text ends in `…` */
export function shownText(text: string, charactersMax: number): string {
  // Cut before it is cleaned as well: a hostile text costs no more than its place.
  const clean = text
    .slice(0, charactersMax * 8)
    .replace(obeyed, ' ')
    .replace(spaces, ' ')
    .trim();
  const letters = Array.from(clean);
  // Put together anew: a part of a text would keep the whole of it in memory.
  const shown = letters.length <= charactersMax ? letters : [...letters.slice(0, charactersMax - 1), '…'];
  return shown.join('');
}
