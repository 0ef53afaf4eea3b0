import { UnavailableError } from '../../src-main/contract/errors.ts';
import { millis } from '../../src-main/contract/units.ts';
import type { Clock } from '../../src-main/ports/clock.ts';
import type { JournalStore } from '../../src-main/ports/journal-store.ts';
import { emptyJournal, MemoryJournalStore } from '../memory-journal-store.ts';
import { wholeNumber, type Chance } from '../seeded-chance.ts';

interface Job {
  readonly write: () => Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** A disk that takes its time, may refuse for a while, and loses at a crash what it had not acknowledged. What a life of the
 *  router leaves on it is what the next one finds. */
export class SimulatedDisk {
  readonly journal = emptyJournal();
  readonly #clock: Clock;
  readonly #chance: Chance;
  #jobs: Job[] = [];
  #isWorking = false;
  /** so many signals survive a loss of power */
  #durable = 0;
  /** and so many answers that came with them */
  #durableAnswers = 0;
  /** counts crashes; jobs of an older time are nobody's */
  #age = 0;
  isFailing = false;
  /** every write takes at most as long */
  slowestMs = 12;

  constructor(clock: Clock, chance: Chance) {
    this.#clock = clock;
    this.#chance = chance;
  }

  open(): JournalStore {
    const store = new MemoryJournalStore(this.journal);
    return {
      load: () => store.load(),
      append: (batch) => this.#enqueue(() => store.append(batch)),
      appendSignals: async (batch) => {
        await this.#enqueue(async () => {
          await store.appendSignals(batch);
          if (batch.isDurable) this.#flush();
        });
        return { setAside: null };
      },
      readSignals: (query) => store.readSignals(query),
      pruneSignals: (bounds) => store.pruneSignals(bounds),
      close: () => store.close(),
    };
  }

  /** Nobody hears any more of what was under way; its first part may have been written all the same.
   *  @param withPower whether the machine's memory is lost as well */
  async crash(withPower: boolean): Promise<void> {
    this.#age++;
    const [first] = this.#jobs;
    this.#jobs = [];
    this.#isWorking = false;
    if (first && !this.isFailing && this.#chance() < 0.5) await first.write();
    if (withPower) {
      this.journal.signals.splice(this.#durable);
      this.journal.answers.ofSignals.splice(this.#durableAnswers);
    }
    this.#flush();
  }

  #flush(): void {
    this.#durable = this.journal.signals.length;
    this.#durableAnswers = this.journal.answers.ofSignals.length;
  }

  #enqueue(write: () => Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#jobs.push({ write, resolve, reject });
      this.#work();
    });
  }

  #work(): void {
    const [job] = this.#jobs;
    if (!job || this.#isWorking) return;
    this.#isWorking = true;
    const age = this.#age;
    this.#clock.after(millis(wholeNumber(this.#chance, 1, this.slowestMs)), () => void this.#finish(job, age));
  }

  async #finish(job: Job, age: number): Promise<void> {
    if (age !== this.#age) return;
    this.#jobs.shift();
    if (this.isFailing) job.reject(new UnavailableError('cannot-write-file', 'The disk is full.'));
    else await job.write().then(job.resolve, job.reject);
    if (age !== this.#age) return;
    this.#isWorking = false;
    this.#work();
  }
}
