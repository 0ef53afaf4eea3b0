import { cutText } from '../../contract/cut-text.ts';

/** Addresses whose refusal is remembered; of further ones only the last is told. */
const standingMax = 100;

/** What a link could not bring over, and why. */
export class LinkFaults {
  total = 0;
  readonly #standing = new Map<string, string>();
  #last = '';

  /** something was refused the last time it was tried */
  get isStanding(): boolean {
    return this.#standing.size > 0;
  }

  /** a sentence behind others; empty when nothing was ever refused */
  get words(): string {
    return this.#last === '' ? '' : ` Refused: ${this.#last}.`;
  }

  refuse(address: string, why: string): void {
    this.total++;
    this.#last = `${shorten(address)}: ${shorten(why).replace(/\.$/, '')}`;
    if (this.#standing.size < standingMax) this.#standing.set(address, why);
  }

  /** The other router says something unasked, such as what it left out. */
  note(words: string): void {
    this.total++;
    this.#last = shorten(words).replace(/\.$/, '');
  }

  /** Another session begins, in which nothing was refused yet. */
  forget(): void {
    this.#standing.clear();
    this.#last = '';
  }

  /** It went over now. */
  mend(address: string): void {
    if (this.#standing.delete(address) && this.#standing.size === 0) this.#last = '';
  }
}

/** Texts come from the other router. */
function shorten(text: string): string {
  // eslint-disable-next-line no-control-regex -- they are what is taken out
  const shown = text.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, ' ');
  return cutText(shown, 160);
}
