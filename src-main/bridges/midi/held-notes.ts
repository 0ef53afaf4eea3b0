interface Note {
  readonly channel: number;
  readonly note: number;
}

/** Which notes are down, so that none hangs when what holds them goes. */
export class HeldNotes {
  /** channel * 128 + note */
  readonly #down = new Set<number>();

  heard({ channel, note, on }: Note & { readonly on: boolean }): void {
    if (on) this.#down.add(channel * 128 + note);
    else this.#down.delete(channel * 128 + note);
  }

  has({ channel, note }: Note): boolean {
    return this.#down.has(channel * 128 + note);
  }

  /** @returns those that were down; none is any more */
  takeAll(): Note[] {
    return this.#take(() => true);
  }

  takeChannel(channel: number): Note[] {
    return this.#take((of) => of === channel);
  }

  #take(isMeant: (channel: number) => boolean): Note[] {
    const taken: Note[] = [];
    for (const key of this.#down) {
      const channel = key >> 7;
      if (!isMeant(channel)) continue;
      taken.push({ channel, note: key & 0x7f });
      this.#down.delete(key);
    }
    return taken;
  }
}
