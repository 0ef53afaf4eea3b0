import { UnavailableError } from '../../contract/errors.ts';
import { micros, millis, type Micros } from '../../contract/units.ts';
import type { Clock } from '../../ports/clock.ts';
import type { JournalStore, PackedSignals, SignalBounds } from '../../ports/journal-store.ts';
import type { Log } from '../../ports/log.ts';
import type { Random } from '../../ports/random.ts';
import { messageType, type PublishMessage, type SetMessage } from '../protocol/messages.ts';
import type { Origin } from '../router/delivery/delivery.ts';
import type { History } from '../router/memory/history.ts';
import type { Defer } from '../router/delivery/turn.ts';
import { packAnswers, type KeptAnswer } from './answer-entries.ts';
import { GroupFlush } from './group-flush.ts';
import { openPast } from './past-reader.ts';
import { Pruning } from './pruning.ts';
import { readInTurn } from './read-in-turn.ts';
import { chunkSizeOf, SignalPacker } from './signal-packer.ts';

export interface SignalJournalLimits {
  /** waiting for the disk; beyond it what nobody waits for is left out, at twice as much commits are refused */
  readonly pendingBytesMax: number;
  /** waiting for the disk before it is written without waiting for more */
  readonly flushBytes: number;
  /** in one batch, so that params get their turn */
  readonly batchBytes: number;
  /** on disk; beyond, the oldest go */
  readonly keptBytesMax: number;
  /** on disk; older ones go */
  readonly keptMs: number;
}

export const signalJournalLimits: SignalJournalLimits = {
  pendingBytesMax: 16 * 1024 * 1024,
  flushBytes: 1024 * 1024,
  batchBytes: 2 * 1024 * 1024,
  keptBytesMax: 256 * 1024 * 1024,
  keptMs: 7 * 24 * 3_600_000,
};

export interface SignalJournalOptions {
  readonly store: Pick<JournalStore, 'appendSignals' | 'readSignals' | 'pruneSignals'>;
  /** everything, or only what was published under commit */
  readonly keeps: 'all' | 'commits';
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly defer: Defer;
  readonly limits: SignalJournalLimits;
}

/** A chunk that waits for the disk, and what was answered to requests that end in it. */
interface Shelved {
  readonly chunk: PackedSignals;
  readonly answers: KeptAnswer[];
}

/** Keeps signals as they were accepted. It never holds the router up: where the disk is too slow, signals that nobody waits
 *  for are left out, counted and said. */
export class SignalJournal {
  readonly #options: SignalJournalOptions;
  readonly #packer = new SignalPacker();
  readonly #flush: GroupFlush;
  readonly #pruning: Pruning;
  readonly #keepsAll: boolean;
  #pending: Shelved[] = [];
  /** to requests whose signals are in the packer */
  #answers: KeptAnswer[] = [];
  #pendingBytes = 0;
  /** left out since the last chunk */
  #lost = 0;
  /** left out since that was said */
  #unsaid = 0;
  #lostTotal = 0;
  #refusesCommit = false;
  #isDurable = false;

  constructor(options: SignalJournalOptions) {
    this.#options = options;
    this.#keepsAll = options.keeps === 'all';
    const { clock, random, defer, log } = options;
    this.#flush = new GroupFlush({
      clock,
      random,
      defer,
      write: () => this.#write(),
      onFailing: (reason) => log.error('signals are not kept', { reason }),
      onMended: () => log.info('signals are kept again'),
    });
    const everyBytes = options.limits.keptBytesMax / 64;
    this.#pruning = new Pruning({ clock, log, everyBytes, prune: () => options.store.pruneSignals(this.#bounds()) });
  }

  /** signals that were left out because the disk was too slow */
  get lostTotal(): number {
    return this.#lostTotal;
  }

  /** `Keeper.record` */
  record(message: SetMessage | PublishMessage, { name, isCommit = false }: Origin, at: Micros): void {
    // What is set under commit is on disk as a param.
    const isAwaited = isCommit && message.type === messageType.publish;
    if (!isAwaited && !this.#keepsAll) return;
    const { pendingBytesMax } = this.#options.limits;
    const room = isAwaited ? 2 * pendingBytesMax : pendingBytesMax;
    if (this.#pendingBytes + this.#packer.sizeBytes > room) return this.#leaveOut(isAwaited);
    if (isAwaited) this.#isDurable = true;
    if (!this.#packer.add(message, name, at)) {
      this.#shelve();
      this.#packer.add(message, name, at);
    }
    this.#flush.mark();
  }

  /** Whether something waits for the next batch. */
  get isDirty(): boolean {
    return this.#flush.isDirty;
  }

  /** Whether what came under commit was left out, and nobody was told yet. */
  get refusesCommit(): boolean {
    return this.#refusesCommit;
  }

  /** To be called while there is something to write, at once after the request: it goes with the last of its signals. */
  keepAnswer(answer: KeptAnswer): void {
    const last = this.#packer.sizeBytes === 0 ? this.#pending.at(-1) : undefined;
    (last?.answers ?? this.#answers).push(answer);
  }

  /** `Keeper.whenKept`, as far as signals go */
  whenKept(run: (failure: string | undefined) => void): void {
    if (!this.#refusesCommit) return this.#flush.whenDone(run);
    this.#refusesCommit = false;
    run('the disk is too slow for what is to be kept');
  }

  /** Begins to let go of what is too much or too old. */
  start(): void {
    this.#pruning.start();
  }

  history(): History {
    const { log } = this.#options;
    const store = readInTurn(this.#options.store);
    const whenKept = (): Promise<void> =>
      new Promise((resolve, reject) => {
        this.#flush.whenDone((failure) => {
          if (failure === undefined) resolve();
          else reject(new UnavailableError('cannot-write-file', `The newest signals are not on disk: ${failure}`));
        });
      });
    return { open: (query) => openPast({ store, log, query, whenKept }) };
  }

  /** Writes what is not written yet. Never rejects. */
  async close(): Promise<void> {
    this.#pruning.stop();
    await this.#flush.close();
  }

  #leaveOut(isAwaited: boolean): void {
    if (isAwaited) this.#refusesCommit = true;
    // So that the place of the gap is known.
    if (this.#lost === 0) this.#shelve();
    if (this.#unsaid === 0) this.#options.log.warn('the disk is too slow for the journal, signals are left out of it');
    this.#lost++;
    this.#unsaid++;
    this.#lostTotal++;
  }

  #shelve(): void {
    const chunk = this.#packer.take(this.#lost);
    if (!chunk) return;
    this.#lost = 0;
    this.#pending.push({ chunk, answers: this.#answers });
    this.#answers = [];
    this.#pendingBytes += chunkSizeOf(chunk);
    if (this.#pendingBytes >= this.#options.limits.flushBytes) this.#flush.hurry();
  }

  async #write(): Promise<void> {
    const isDurable = this.#isDurable;
    this.#isDurable = false;
    try {
      await this.#writePending(isDurable);
    } catch (error) {
      if (isDurable) this.#isDurable = true;
      throw error;
    }
  }

  async #writePending(isDurable: boolean): Promise<void> {
    const { store, log } = this.#options;
    this.#shelve();
    // What comes meanwhile belongs to the next batch.
    for (let left = this.#pending.length; left > 0;) {
      const shelved = this.#firstChunks(left);
      const chunks = shelved.map(({ chunk }) => chunk);
      const answers = packAnswers(shelved.flatMap((each) => each.answers));
      // The last takes all before it to the disk.
      const batch = { chunks, isDurable: isDurable && chunks.length === left };
      const { setAside } = await store.appendSignals({ ...batch, ...(answers && { answers }) });
      if (setAside) log.error('the kept signals were damaged and are put aside', { ...setAside });
      left -= chunks.length;
      this.#pending.splice(0, chunks.length);
      const sizeBytes = chunks.reduce((sum, chunk) => sum + chunkSizeOf(chunk), 0);
      this.#pendingBytes -= sizeBytes;
      this.#pruning.wrote(sizeBytes);
      this.#sayWhatWasLost();
    }
  }

  #firstChunks(countMax: number): readonly Shelved[] {
    const { batchBytes } = this.#options.limits;
    let sizeBytes = 0;
    let count = 0;
    for (const { chunk } of this.#pending) {
      sizeBytes += chunkSizeOf(chunk);
      if (count === countMax || (count > 0 && sizeBytes > batchBytes)) break;
      count++;
    }
    return this.#pending.slice(0, count);
  }

  #sayWhatWasLost(): void {
    if (this.#unsaid === 0 || this.#pendingBytes > this.#options.limits.pendingBytesMax / 2) return;
    this.#options.log.warn('signals were left out of the journal', { lost: this.#unsaid, lostTotal: this.#lostTotal });
    this.#unsaid = 0;
  }

  #bounds(): SignalBounds {
    const { clock, limits } = this.#options;
    return {
      bytesMax: limits.keptBytesMax,
      before: micros(Math.max(0, clock.nowMicros() - millis(limits.keptMs) * 1000)),
    };
  }
}
