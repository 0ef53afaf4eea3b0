import type { Micros, Millis } from '../../contract/units.ts';
import type { Clock } from '../../ports/clock.ts';
import { readSourceName } from './sacn-source.ts';

/** Universes that are named; of more it is said how many. */
const universesShown = 4;

/** Who sends levels that are for planning, not for lamps, and are not taken: a console in its preview mode looks dead otherwise. */
export class SacnPreviews {
  readonly #clock: Pick<Clock, 'nowMicros'>;
  readonly #lostAfter: Millis;
  /** the newest source of each universe */
  readonly #universes = new Map<number, { readonly nameBytes: Readonly<Uint8Array>; readonly at: Micros }>();

  constructor(clock: Pick<Clock, 'nowMicros'>, lostAfter: Millis) {
    this.#clock = clock;
    this.#lostAfter = lostAfter;
  }

  /** @param universe one that is received, so that there are no more than those
   *  @param nameBytes 64 of them; copied */
  hear(universe: number, nameBytes: Readonly<Uint8Array>): void {
    this.#universes.set(universe, { nameBytes: nameBytes.slice(), at: this.#clock.nowMicros() });
  }

  /** Who does so now, as a sentence: `Desk A sends universe 6 as preview, which is not taken.` */
  get words(): string | undefined {
    const lostAt = this.#clock.nowMicros() - this.#lostAfter * 1000;
    const now = [...this.#universes].filter(([, { at }]) => at > lostAt).sort(([one], [other]) => one - other);
    const [first] = now;
    if (!first) return undefined;
    const shown = now.slice(0, universesShown).map(([universe]) => universe);
    const more = now.length > universesShown ? ` and ${now.length - universesShown} more` : '';
    const names = new Set(now.map(([, { nameBytes }]) => readSourceName(nameBytes)));
    const who = `${readSourceName(first[1].nameBytes)}${names.size > 1 ? ` and ${names.size - 1} more` : ''}`;
    const verb = names.size > 1 ? 'send' : 'sends';
    const what = now.length === 1 ? 'universe' : 'universes';
    return `${who} ${verb} ${what} ${shown.join(', ')}${more} as preview, which is not taken.`;
  }
}
