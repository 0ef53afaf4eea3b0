import type { Micros } from '../../../contract/units.ts';

/** A source that is gone. */
export interface GoneSource {
  readonly name: string;
  readonly heardAt: Micros;
}

/** Of a universe that nobody drives any more: who drove it last, whose levels stay. */
export interface LastSource extends GoneSource {
  /** it said so; otherwise it fell silent */
  readonly isEnded: boolean;
}

/** silent: it was not heard for too long. ended: it said so. outranked: it made room for one of higher priority. */
export type Leaving = 'silent' | 'ended' | 'outranked';

/** Sources that fell silent and are remembered while others go on. */
const missedMax = 8;

/** The sources of a universe that are gone, for one who looks on. */
export class GoneSources {
  #last: LastSource | undefined;
  /** by id, until they are heard again */
  readonly #missed = new Map<string, GoneSource>();

  /** Undefined while somebody drives the universe, and before anybody did. */
  get last(): LastSource | undefined {
    return this.#last;
  }

  /** Those that fell silent while others went on, and were not heard again; the newest of them, oldest first. */
  get missed(): readonly GoneSource[] {
    return this.#last ? [] : [...this.#missed.values()];
  }

  /** @param gone those that drove it until now
   *  @param isDriven others go on */
  leave(
    gone: readonly (GoneSource & { readonly id: string; readonly priority: number })[],
    leaving: Leaving,
    isDriven: boolean,
  ): void {
    const [highest] = gone.toSorted((one, other) => other.priority - one.priority);
    if (!highest) return;
    if (!isDriven) this.#last = { name: highest.name, heardAt: highest.heardAt, isEnded: leaving === 'ended' };
    else if (leaving === 'silent') for (const { id, name, heardAt } of gone) this.#miss(id, { name, heardAt });
  }

  /** A source is there, for the first time or again. */
  comes(id: string): void {
    this.#missed.delete(id);
  }

  /** Somebody drives the universe. */
  goOn(): void {
    this.#last = undefined;
  }

  #miss(id: string, source: GoneSource): void {
    this.#missed.set(id, source);
    const [oldest] = this.#missed.keys();
    if (this.#missed.size > missedMax && oldest !== undefined) this.#missed.delete(oldest);
  }
}
