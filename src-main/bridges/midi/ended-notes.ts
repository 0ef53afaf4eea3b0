import type { Micros } from '../../contract/units.ts';

interface Note {
  readonly channel: number;
  readonly note: number;
}

/** Which notes ended lately: an output that is found to be gone may not have heard of it. */
export class EndedNotes {
  readonly #ended = new Map<number, Note & { readonly at: Micros }>();

  heard({ channel, note, on }: Note & { readonly on: boolean }, at: Micros): void {
    const key = channel * 128 + note;
    if (on) this.#ended.delete(key);
    else this.#ended.set(key, { channel, note, at });
  }

  /** @returns those that ended at this time or later; none is known any more */
  takeSince(at: Micros): Note[] {
    const found = [...this.#ended.values()].filter((ended) => ended.at >= at);
    this.#ended.clear();
    return found;
  }
}
