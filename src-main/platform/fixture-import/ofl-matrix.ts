import type { OflMatrix } from './ofl-schema.ts';
import { badProfile } from './profile-draft.ts';

/** Pixels of one fixture; a universe has 512 slots. */
const pixelsMax = 4096;

interface Pixel {
  readonly key: string;
  /** x, y, z */
  readonly place: readonly [number, number, number];
}

/** The pixels of a fixture, and the orders in which modes go through them. */
export class OflPixels {
  readonly #pixels: readonly Pixel[];
  readonly #groups: readonly string[];

  /** @throws InputError 'bad-profile' for more pixels than a universe can use */
  constructor(matrix: OflMatrix | undefined) {
    this.#pixels = matrix ? pixelsOf(matrix) : [];
    this.#groups = Object.keys(matrix?.pixelGroups ?? {});
  }

  /** Every name that may stand for `$pixelKey`. */
  get keys(): readonly string[] {
    return [...this.#pixels.map(({ key }) => key), ...this.#groups];
  }

  /** @param repeatFor names of pixels, or an order of all: `eachPixelABC`, `eachPixelXYZ`, `eachPixelGroup`
   *  @returns undefined for an order that is not known */
  inOrder(repeatFor: string | readonly string[]): readonly string[] | undefined {
    if (typeof repeatFor !== 'string') return repeatFor;
    if (repeatFor === 'eachPixelGroup') return this.#groups;
    if (repeatFor === 'eachPixelABC')
      return this.#pixels.map(({ key }) => key).sort((one, other) => one.localeCompare(other, 'en', { numeric: true }));
    const [, axes] = /^eachPixel([XYZ]{3})$/.exec(repeatFor) ?? [];
    if (axes === undefined || new Set(axes).size < 3) return undefined;
    // The first letter goes by the quickest, so it is the last to compare by.
    const order = [...axes].reverse().map((axis) => 'XYZ'.indexOf(axis));
    return this.#pixels
      .toSorted((one, other) => {
        for (const axis of order) {
          const difference = (one.place[axis] ?? 0) - (other.place[axis] ?? 0);
          if (difference !== 0) return difference;
        }
        return 0;
      })
      .map(({ key }) => key);
  }
}

function pixelsOf({ pixelKeys, pixelCount = [1, 1, 1] }: OflMatrix): Pixel[] {
  const [width, height, depth] = pixelCount;
  const count = pixelKeys ? pixelKeys.flat(2).length : width * height * depth;
  if (count > pixelsMax) throw badProfile(`At most ${pixelsMax} pixels are taken, found ${count}.`);
  if (pixelKeys)
    return pixelKeys.flatMap((rows, z) =>
      rows.flatMap((row, y) => row.flatMap((key, x): Pixel[] => (key === null ? [] : [{ key, place: [x, y, z] }]))),
    );
  const pixels: Pixel[] = [];
  for (let z = 1; z <= depth; z++)
    for (let y = 1; y <= height; y++)
      for (let x = 1; x <= width; x++) pixels.push({ key: countedKey([x, y, z], pixelCount), place: [x, y, z] });
  return pixels;
}

/** `7` in a line, `(2, 1)` in a plane, `(2, 1, 3)` in a space. */
function countedKey(place: readonly number[], counts: readonly number[]): string {
  const used = place.filter((_, axis) => (counts[axis] ?? 1) > 1);
  if (used.length === 0) return '1';
  return used.length === 1 ? `${used[0] ?? 1}` : `(${used.join(', ')})`;
}
