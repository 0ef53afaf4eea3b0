import type { Address } from '../../contract/address.ts';
import type { Cancel } from '../../contract/message-link.ts';
import { micros, millis, type Micros } from '../../contract/units.ts';
import type { Clock } from '../../ports/clock.ts';
import type { JournalStore, PackedEntries } from '../../ports/journal-store.ts';
import type { Log } from '../../ports/log.ts';
import type { Random } from '../../ports/random.ts';
import { settleWithin } from '../retry/settle-within.ts';
import type { ParamShelf } from '../router/router.ts';
import type { Defer } from '../router/turn.ts';
import type { KeptParam } from '../router/value-table.ts';
import { GroupFlush } from './group-flush.ts';
import { EntryPacker, unpackParams } from './param-entries.ts';

const closeWithin = millis(800);

export interface ParamJournalOptions {
  readonly store: JournalStore;
  readonly params: ParamShelf;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly defer: Defer;
}

/** Keeps the params of the router over a restart: the newest value of each address, written in batches. */
export class ParamJournal {
  readonly #options: ParamJournalOptions;
  readonly #packer = new EntryPacker();
  readonly #flush: GroupFlush;
  #changed = new Set<Address>();
  #showId: string | null = null;
  #unwatch: Cancel = () => undefined;

  constructor(options: ParamJournalOptions) {
    this.#options = options;
    const { log } = options;
    this.#flush = new GroupFlush({
      ...options,
      write: ({ inTurns }) => this.#write(inTurns),
      onFailing: (reason) => log.error('params are not kept over a restart', { reason }),
      onMended: () => log.info('params are kept again'),
    });
  }

  /** Puts back what was kept, and keeps from now on. To be awaited before anyone may write.
   *  @throws UnavailableError 'cannot-write-file' when the disk is at fault */
  async restore(): Promise<void> {
    const { store, params, log } = this.#options;
    const { chunks, notes, setAside } = await store.load();
    if (setAside) log.error('the kept params were unreadable and are put aside', { ...setAside });
    let unreadable = 0;
    const kept = chunks.flatMap((chunk) => {
      const read = [...unpackParams(chunk)];
      const sound = read.filter((param): param is KeptParam => param !== undefined);
      unreadable += read.length - sound.length;
      return sound;
    });
    const now = this.#options.clock.nowMicros();
    const past = notAfter(kept, now);
    // Nobody knows how far they were that are lost; so many writes as there were microseconds none has had.
    const isWhole = !setAside && unreadable === 0;
    const revisionFloor = isWhole || BigInt(now) < notes.revisionFloor ? notes.revisionFloor : BigInt(now);
    const restored = params.restore({ params: past, revisionFloor });
    // Kept with their new times, or the next start would find them later than what is moved from now on.
    if (past !== kept) for (const { address } of past) this.#changed.add(address);
    if (unreadable > 0) log.error('some kept params make no sense and are left out', { unreadable });
    if (kept.length > 0) log.info('params are back', { restored, left: kept.length - restored });
    this.#showId = notes.showId;
    this.#unwatch = params.watch((address) => {
      this.#changed.add(address);
      this.#flush.mark();
    });
    if (this.#changed.size > 0) this.#flush.mark();
  }

  /** `Keeper.whenKept`, as far as params go */
  whenKept(run: (failure: string | undefined) => void): void {
    this.#flush.whenDone(run);
  }

  /** Another show than before takes its predecessor's own values away: lamps must not stand as a show left them that is no
   *  longer there. What clients have set stays. To be called before the show runs. */
  showOnTable(showId: string): void {
    if (this.#showId === showId) return;
    if (this.#showId !== null) this.#options.params.forgetOwn();
    this.#showId = showId;
    this.#flush.mark();
  }

  /** Writes what is not written yet and lets go of the store; waits `closeWithin` for the disk.
   *  @param others who write to the store too; never rejects */
  async close(others: Promise<void> = Promise.resolve()): Promise<void> {
    const { clock, log, store } = this.#options;
    this.#unwatch();
    const isDone = await settleWithin(clock, closeWithin, Promise.all([this.#flush.close(), others]));
    if (!isDone) log.warn('the disk did not answer in time, the last params may be missing');
    await store.close();
  }

  async #write(inTurns: boolean): Promise<void> {
    const { store, params } = this.#options;
    const changed = this.#changed;
    this.#changed = new Set();
    try {
      const chunks = await this.#pack(changed, inTurns);
      await store.append({ chunks, notes: { showId: this.#showId, revisionFloor: params.revisionFloor } });
    } catch (error) {
      for (const address of changed) this.#changed.add(address);
      this.#packer.take();
      throw error;
    }
  }

  /** A chunk is what one turn of the event loop has time for. */
  async #pack(changed: ReadonlySet<Address>, inTurns: boolean): Promise<readonly PackedEntries[]> {
    const { params, defer } = this.#options;
    const chunks: PackedEntries[] = [];
    for (const address of changed) {
      if (this.#packer.add(address, params.get(address))) continue;
      chunks.push(...this.#taken());
      if (inTurns) await new Promise<void>((resolve) => defer(resolve));
      this.#packer.add(address, params.get(address));
    }
    return [...chunks, ...this.#taken()];
  }

  #taken(): readonly PackedEntries[] {
    const packed = this.#packer.take();
    return packed ? [packed] : [];
  }
}

/** The machine's clock may have been set back between two runs. What the last run wrote must be older than what is moved
 *  now, so all its times go back together, in their order. */
function notAfter(params: readonly KeptParam[], now: Micros): readonly KeptParam[] {
  const newest = params.reduce((latest, { timestamp, movedAt }) => Math.max(latest, Number(timestamp), movedAt), 0);
  const ahead = newest - now;
  if (ahead <= 0) return params;
  const back = (time: number): Micros => micros(Math.max(0, Math.floor(time - ahead)));
  return params.map((param) => ({
    ...param,
    timestamp: BigInt(back(Number(param.timestamp))),
    movedAt: back(param.movedAt),
  }));
}
