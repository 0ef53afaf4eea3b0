import type { Address } from '../../contract/address.ts';
import type { Micros } from '../../contract/units.ts';
import { coversPath, readOscPattern, type MatchBudget } from './osc-pattern.ts';

/** Params under one bridge that patterns of its device can set; further ones only by their own path. */
export const knownPathsMax = 32_768;
/** What all patterns of a second may cost together, in steps times letters: about a tenth of the second. */
export const matchBudgetMax = 4_000_000;
const budgetEveryMicros = 1_000_000;

/** The params that a device can mean by an OSC pattern. */
export class KnownPaths {
  readonly #paths = new Map<string, Address>();
  readonly #nowMicros: () => Micros;
  #budget: MatchBudget = { left: matchBudgetMax };
  #renewAt = 0;

  constructor(nowMicros: () => Micros) {
    this.#nowMicros = nowMicros;
  }

  note(path: string, address: Address): void {
    if (this.#paths.size < knownPathsMax) this.#paths.set(path, address);
  }

  /** @returns what the pattern covers; undefined when it cannot be read, or patterns of this second cost too much already */
  covered(text: string): readonly Address[] | undefined {
    const now = this.#nowMicros();
    if (now >= this.#renewAt) {
      this.#budget = { left: matchBudgetMax };
      this.#renewAt = now + budgetEveryMicros;
    }
    const pattern = readOscPattern(text);
    if (!pattern) return undefined;
    const found: Address[] = [];
    for (const [path, address] of this.#paths) {
      const covers = coversPath(pattern, path, this.#budget);
      if (covers === undefined) return undefined;
      if (covers) found.push(address);
    }
    return found;
  }
}
