/** How far back the trace of a slot goes. */
export const historyMs = 4000;

/** The levels that one slot had in the last seconds. */
export class LevelHistory {
  readonly #samples: { readonly at: number; readonly level: number }[] = [];

  /** @param at in ms @param level 0..255 */
  add(at: number, level: number): void {
    this.#samples.push({ at, level });
    // One older sample stays, for the line to begin at the edge.
    while (this.#samples.length > 1 && (this.#samples[1]?.at ?? at) < at - historyMs) this.#samples.shift();
  }

  clear(): void {
    this.#samples.length = 0;
  }

  /** The line through them, newest at the left, for a picture of this size. @returns empty without samples */
  line(now: number, { width, height }: { width: number; height: number }): string {
    const last = this.#samples.at(-1);
    const samples = last && last.at < now ? [...this.#samples, { at: now, level: last.level }] : this.#samples;
    const points = samples.map(({ at, level }) => {
      const x = Math.min(width, ((now - at) / historyMs) * width);
      return `${x.toFixed(1)},${(height - 1 - (level / 255) * (height - 2)).toFixed(1)}`;
    });
    return points.reverse().join(' ');
  }
}
