import type { Micros, Millis } from '../../contract/units.ts';
import type { Clock } from '../../ports/clock.ts';

/** Sync universes that are followed; for one more nothing is held. */
const syncsMax = 64;
/** Senders of one sync universe whose sequence is followed; packets of one more count as they come. */
const sendersMax = 16;

/** Whether sync universes that levels ask for are in use: from the first sync packet on, until they stay away. Who sends them is all
 *  the same: a sync packet is for all levels that name its universe, and may come from a machine that sends no levels at all.
 *  @see ANSI E1.31-2018, 6.2.4.1, 6.2.6 and 11.1 */
export class SacnSyncs {
  readonly #clock: Clock;
  readonly #lostAfter: Millis;
  readonly #syncs = new Map<number, Sync>();

  constructor(clock: Clock, lostAfter: Millis) {
    this.#clock = clock;
    this.#lostAfter = lostAfter;
  }

  /** Those that sources ask for, whether sync packets come or not. */
  get universes(): readonly number[] {
    this.#forget();
    return [...this.#syncs.keys()];
  }

  /** A source asks for sync with a packet of levels.
   *  @param universe 0: it asks for none
   *  @param runsWithoutSync whether it runs free when sync packets stay away; otherwise it stands still
   *  @returns whether its levels wait for the next sync packet */
  holds(universe: number, runsWithoutSync: boolean): boolean {
    if (universe === 0) return false;
    const now = this.#clock.nowMicros();
    const sync = this.#syncs.get(universe);
    if (!sync) {
      this.#forget();
      if (this.#syncs.size < syncsMax) this.#syncs.set(universe, { askedAt: now, senders: new Map() });
      return false;
    }
    sync.askedAt = now;
    if (sync.syncedAt === undefined) return false;
    return !runsWithoutSync || now - sync.syncedAt < this.#lostAfter * 1000;
  }

  /** A sync packet came.
   *  @returns false for one that nobody asked for, or that a newer one of its sender overtook */
  hear(cid: string, universe: number, sequence: number): boolean {
    const sync = this.#syncs.get(universe);
    if (!sync) return false;
    const now = this.#clock.nowMicros();
    const before = sync.senders.get(cid);
    const isNear = before !== undefined && now - before.at < this.#lostAfter * 1000;
    const ahead = ((sequence - (before?.sequence ?? 0) + 128) & 0xff) - 128;
    if (isNear && ahead <= 0 && ahead > -20) return false;
    this.#remember(sync, cid, { sequence, at: now });
    sync.syncedAt = now;
    return true;
  }

  /** Whether there were sync packets, and they stay away. */
  isLost(universe: number): boolean {
    const syncedAt = this.#syncs.get(universe)?.syncedAt;
    return syncedAt !== undefined && this.#clock.nowMicros() - syncedAt >= this.#lostAfter * 1000;
  }

  #remember({ senders }: Sync, cid: string, last: SyncSender): void {
    const lostAt = last.at - this.#lostAfter * 1000;
    if (!senders.has(cid) && senders.size >= sendersMax)
      for (const [other, { at }] of senders) if (at <= lostAt) senders.delete(other);
    if (senders.has(cid) || senders.size < sendersMax) senders.set(cid, last);
  }

  #forget(): void {
    const now = this.#clock.nowMicros();
    for (const [universe, { askedAt }] of this.#syncs)
      if (now - askedAt >= this.#lostAfter * 1000) this.#syncs.delete(universe);
  }
}

interface Sync {
  /** when levels last asked for it */
  askedAt: Micros;
  /** when a sync packet last came; undefined before the first */
  syncedAt?: Micros;
  /** by component identifier */
  readonly senders: Map<string, SyncSender>;
}

interface SyncSender {
  /** of its last packet */
  readonly sequence: number;
  readonly at: Micros;
}
