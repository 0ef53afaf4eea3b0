import type { Address } from '../../contract/address.ts';
import { messageOf } from '../../contract/errors.ts';
import type { Cancel } from '../../contract/message-link.ts';
import { micros, millis, type Micros } from '../../contract/units.ts';
import type { Clock } from '../../ports/clock.ts';
import type { JournalNotes, JournalStore, KeptJournal, PackedEntries } from '../../ports/journal-store.ts';
import type { Log } from '../../ports/log.ts';
import type { Random } from '../../ports/random.ts';
import { settleWithin } from '../retry/settle-within.ts';
import type { ParamShelf, TimelineShelf } from '../router/router.ts';
import type { Defer } from '../router/delivery/turn.ts';
import type { KeptParam } from '../router/state/value-table.ts';
import { packAnswers, type KeptAnswer } from './answer-entries.ts';
import { GroupFlush } from './group-flush.ts';
import type { KeptTimeline } from '../timeline/timeline-report.ts';
import { ParamBatch } from './param-batch.ts';
import { EntryPacker, unpackParams } from './param-entries.ts';
import { unpackTimelines } from './timeline-entries.ts';

const closeWithin = millis(800);

export interface ParamJournalOptions {
  readonly store: JournalStore;
  readonly params: ParamShelf;
  readonly timelines: TimelineShelf;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly defer: Defer;
}

/** Keeps the params and timelines of the router over a restart: the newest value of each address and how each timeline
 *  stands, written in batches. */
export class ParamJournal {
  readonly #options: ParamJournalOptions;
  readonly #packer = new EntryPacker();
  readonly #flush: GroupFlush;
  #changed = new Set<Address>();
  #changedTimelines = new Set<Address>();
  /** to requests that made these changes */
  #answers: KeptAnswer[] = [];
  #batch: ParamBatch | undefined;
  /** of the last run; they wait for its show */
  #keptTimelines: readonly KeptTimeline[] = [];
  #showId: string | null = null;
  /** undefined until it was restored */
  #unwatch: Cancel | undefined;

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
   *  @returns what was answered, in signals too
   *  @throws UnavailableError 'cannot-write-file' when the disk is at fault */
  async restore(): Promise<KeptJournal['answers']> {
    const { store, params, timelines, log } = this.#options;
    const { chunks, notes, answers, setAside } = await store.load();
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
    const beyond = BigInt(now);
    const { isComplete } = notes;
    const isWhole = isComplete && !setAside && unreadable === 0;
    const floors = {
      forNew: isWhole ? notes.revisionFloor : highest(beyond, notes.revisionFloor),
      forKnown: isComplete ? notes.knownFloor : highest(beyond, notes.knownFloor),
    };
    const restored = params.restore({ params: past, floors });
    // Kept with their new times, or the next start would find them later than what is moved from now on.
    if (past !== kept) for (const { address } of past) this.#changed.add(address);
    unreadable += this.#takeTimelines(chunks);
    if (unreadable > 0) log.error('some kept params make no sense and are left out', { unreadable });
    if (kept.length > 0) log.info('params are back', { restored, left: kept.length - restored });
    this.#showId = notes.showId;
    const unwatchParams = params.watch((address, before) => {
      this.#batch?.note(address, before);
      this.#note(this.#changed, address);
    });
    const unwatchTimelines = timelines.watch((address) => this.#note(this.#changedTimelines, address));
    this.#unwatch = () => {
      unwatchParams();
      unwatchTimelines();
    };
    if (this.#changed.size > 0) this.#flush.mark();
    return answers;
  }

  /** Whether something waits for the next batch. */
  get isDirty(): boolean {
    return this.#flush.isDirty;
  }

  /** To be called while there is something to write, at once after the request: it goes with what that changed. */
  keepAnswer(answer: KeptAnswer): void {
    this.#answers.push(answer);
  }

  /** `Keeper.whenKept`, as far as params go */
  whenKept(run: (failure: string | undefined) => void): void {
    this.#flush.whenDone(run);
  }

  /** Another show than before takes its predecessor's own values away: lamps must not stand as a show left them that is no
   *  longer there. What clients have set stays. Timelines end with their show, those of the same one go on as if nothing had
   *  been. To be called before the show runs. */
  showOnTable(showId: string): void {
    this.#restoreTimelines(this.#showId === showId);
    if (this.#showId === showId) return;
    if (this.#showId !== null) this.#options.params.forgetOwn();
    this.#showId = showId;
    this.#flush.mark();
  }

  /** Writes what is not written yet and lets go of the store; waits `closeWithin` for the disk.
   *  @param others who write to the store too; never rejects */
  async close(others: Promise<void> = Promise.resolve()): Promise<void> {
    const { clock, log, store } = this.#options;
    // What could not be read stays as it is.
    if (!this.#unwatch) return this.#options.store.close();
    this.#unwatch();
    const isDone = await settleWithin(clock, closeWithin, Promise.all([this.#writeLast(), others]));
    if (!isDone) log.warn('the disk did not answer in time, the last params may be missing');
    await store.close();
  }

  async #writeLast(): Promise<void> {
    const { store, log } = this.#options;
    await this.#flush.close();
    if (this.#changed.size + this.#changedTimelines.size > 0) return;
    try {
      await store.append({ chunks: [], notes: this.#notes(true) });
    } catch (error) {
      log.warn('the end of the journal could not be written', { reason: messageOf(error) });
    }
  }

  #notes(isComplete: boolean): JournalNotes {
    const { forNew, forKnown } = this.#options.params.revisionFloors;
    return { showId: this.#showId, revisionFloor: forNew, knownFloor: forKnown, isComplete };
  }

  /** @returns how many make no sense */
  #takeTimelines(chunks: readonly PackedEntries[]): number {
    const read = chunks.flatMap((chunk) => [...unpackTimelines(chunk)]);
    this.#keptTimelines = read.filter((kept) => kept !== undefined);
    return read.length - this.#keptTimelines.length;
  }

  #restoreTimelines(isTheirShow: boolean): void {
    const { timelines, log } = this.#options;
    const kept = this.#keptTimelines;
    this.#keptTimelines = [];
    if (kept.length === 0) return;
    const restored = isTheirShow ? timelines.restore(kept) : 0;
    log.info('timelines are back', { restored, left: kept.length - restored });
    for (const { address } of kept) if (!timelines.get(address)) this.#note(this.#changedTimelines, address);
  }

  #note(changed: Set<Address>, address: Address): void {
    changed.add(address);
    this.#flush.mark();
  }

  async #write(inTurns: boolean): Promise<void> {
    const { store, defer } = this.#options;
    const [answers, notes, batch] = [this.#answers, this.#notes(false), this.#beginBatch()];
    const nextTurn = (): Promise<void> =>
      inTurns ? new Promise<void>((resolve) => defer(resolve)) : Promise.resolve();
    try {
      const chunks = await batch.pack(nextTurn);
      const packed = packAnswers(answers);
      await store.append({ chunks, notes, ...(packed && { answers: packed }) });
    } catch (error) {
      batch.giveBack(this.#changed, this.#changedTimelines);
      this.#answers = [...answers, ...this.#answers];
      throw error;
    }
  }

  #beginBatch(): ParamBatch {
    const { params, timelines } = this.#options;
    const [changed, changedTimelines, packer] = [this.#changed, this.#changedTimelines, this.#packer];
    this.#changed = new Set();
    this.#changedTimelines = new Set();
    this.#answers = [];
    return (this.#batch = new ParamBatch({ changed, changedTimelines, params, timelines, packer }));
  }
}

/** The machine's clock may have been set back between two runs. What the last run wrote must be older than what is moved
 *  now, so all its times go back together, in their order. */
function notAfter(params: readonly KeptParam[], now: Micros): readonly KeptParam[] {
  const newest = params.reduce((latest, { timestamp, movedAt }) => Math.max(latest, timestamp, movedAt), 0);
  const ahead = newest - now;
  if (ahead <= 0) return params;
  const back = (time: number): Micros => micros(Math.max(0, Math.floor(time - ahead)));
  return params.map((param) => ({
    ...param,
    timestamp: back(param.timestamp),
    movedAt: back(param.movedAt),
    ttl: param.ttl && { ...param.ttl, since: back(param.ttl.since) },
  }));
}

function highest(one: bigint, other: bigint): bigint {
  return one > other ? one : other;
}
