import type { Micros, Millis } from '../../contract/units.ts';
import type { Clock } from '../../ports/clock.ts';

/** Sync universes of sources that are followed; of one more nothing is held. */
const syncsMax = 64;

/** Whether sources that ask for it are in sync: a source is from its first sync packet on, until they stay away.
 *  @see ANSI E1.31-2018, 6.2.4.1, 6.2.6 and 11.1 */
export class SacnSyncs {
  readonly #clock: Clock;
  readonly #lostAfter: Millis;
  readonly #syncs = new Map<string, Sync>();

  constructor(clock: Clock, lostAfter: Millis) {
    this.#clock = clock;
    this.#lostAfter = lostAfter;
  }

  /** Those that sources ask for, whether sync packets come or not. */
  get universes(): readonly number[] {
    this.#forget();
    return [...new Set([...this.#syncs.values()].map(({ universe }) => universe))];
  }

  /** A source asks for sync with a packet of levels.
   *  @param universe 0: it asks for none
   *  @param runsWithoutSync whether it runs free when sync packets stay away; otherwise it stands still
   *  @returns whether its levels wait for the next sync packet */
  holds(cid: string, universe: number, runsWithoutSync: boolean): boolean {
    if (universe === 0) return false;
    const now = this.#clock.nowMicros();
    const key = keyOf(cid, universe);
    const sync = this.#syncs.get(key);
    if (!sync) {
      this.#forget();
      if (this.#syncs.size < syncsMax) this.#syncs.set(key, { universe, askedAt: now });
      return false;
    }
    sync.askedAt = now;
    if (sync.syncedAt === undefined) return false;
    return !runsWithoutSync || now - sync.syncedAt < this.#lostAfter * 1000;
  }

  /** A sync packet came.
   *  @returns false for one that nobody asked for, or that a newer one overtook */
  hear(cid: string, universe: number, sequence: number): boolean {
    const sync = this.#syncs.get(keyOf(cid, universe));
    if (!sync) return false;
    const now = this.#clock.nowMicros();
    const isNear = sync.syncedAt !== undefined && now - sync.syncedAt < this.#lostAfter * 1000;
    const ahead = ((sequence - (sync.sequence ?? sequence - 1) + 128) & 0xff) - 128;
    if (isNear && ahead <= 0 && ahead > -20) return false;
    sync.sequence = sequence;
    sync.syncedAt = now;
    return true;
  }

  /** Whether a source was in sync, and its sync packets stay away. */
  isLost(cid: string, universe: number): boolean {
    const syncedAt = this.#syncs.get(keyOf(cid, universe))?.syncedAt;
    return syncedAt !== undefined && this.#clock.nowMicros() - syncedAt >= this.#lostAfter * 1000;
  }

  #forget(): void {
    const now = this.#clock.nowMicros();
    for (const [key, { askedAt }] of this.#syncs) if (now - askedAt >= this.#lostAfter * 1000) this.#syncs.delete(key);
  }
}

interface Sync {
  readonly universe: number;
  /** when levels last asked for it */
  askedAt: Micros;
  /** when a sync packet last came; undefined before the first */
  syncedAt?: Micros;
  sequence?: number;
}

function keyOf(cid: string, universe: number): string {
  return `${cid} ${universe}`;
}
