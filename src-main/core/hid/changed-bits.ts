/** A bit that is another than it was. */
export interface ChangedBit {
  readonly byte: number;
  readonly bit: number;
  readonly on: boolean;
}

/** Follows the bits of a device's reports for a person who looks at them. */
export class ChangedBits {
  readonly #isNumbered: boolean;
  readonly #before = new Map<number, Uint8Array>();
  readonly #noisy = new Map<number, Uint8Array>();

  /** @param isNumbered byte 0 is the report's number, and reports of two numbers are not compared */
  constructor(isNumbered: boolean) {
    this.#isNumbered = isNumbered;
  }

  /** @param isResting nobody touches it: what changes now, changes by itself and is left out from now on */
  take(report: Uint8Array, isResting: boolean): ChangedBit[] {
    const id = this.#isNumbered ? (report[0] ?? 0) : 0;
    const before = this.#before.get(id) ?? new Uint8Array();
    this.#before.set(id, Uint8Array.from(report));
    const noisy = this.#noisy.get(id) ?? new Uint8Array(report.length);
    this.#noisy.set(id, noisy);
    const changed: ChangedBit[] = [];
    for (let byte = this.#isNumbered ? 1 : 0; byte < report.length; byte++) {
      const now = report[byte] ?? 0;
      const bits = now ^ (before[byte] ?? 0);
      if (isResting && before.length > 0) noisy[byte] = (noisy[byte] ?? 0) | bits;
      const told = bits & ~(noisy[byte] ?? 0);
      for (let bit = 0; bit < 8; bit++)
        if ((told >> bit) % 2 === 1) changed.push({ byte, bit, on: (now >> bit) % 2 === 1 });
    }
    return changed;
  }
}
