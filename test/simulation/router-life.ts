import { millis, type Micros, type Millis } from '../../src-main/contract/units.ts';
import { Journal, type JournalMode } from '../../src-main/core/journal/journal.ts';
import { signalJournalLimits } from '../../src-main/core/journal/signal-journal.ts';
import { messageType, type PublishMessage, type SetMessage } from '../../src-main/core/protocol/messages.ts';
import type { Origin } from '../../src-main/core/router/delivery/delivery.ts';
import type { RouterLimits } from '../../src-main/core/router/limits.ts';
import { createRouter, type Router } from '../../src-main/core/router/router.ts';
import type { Log } from '../../src-main/ports/log.ts';
import type { SimulatedClock } from '../simulated-clock.ts';
import { seededChance } from '../seeded-chance.ts';
import { LifeClock } from './life-clock.ts';
import { tokenOf, type Accepted } from './observation.ts';
import type { SimulatedDisk } from './simulated-disk.ts';

/** Small, so that every bound is met. */
const limits: Partial<RouterLimits> = {
  helloTimeoutMs: 3000 as Millis,
  outboxMessagesMax: 400,
  outboxBytesMax: 64 * 1024,
  batchBytesMax: 4096,
  snapshotParamsMax: 7,
  scanPerTurnMax: 16,
  chunksPerTurnMax: 2,
  thinnedMax: 200,
  scheduledMax: 50,
  awayMs: 6000 as Millis,
  owedMax: 400,
};
const rules = (['max', 'min', 'merge'] as const).map((strategy) => ({ pattern: `/${strategy}/*`, strategy }));
/** of the event loop: what is deferred runs after it */
const turn = millis(0.02);

export interface LifeOptions {
  readonly number: number;
  readonly world: SimulatedClock;
  readonly aheadMicros: number;
  readonly disk: SimulatedDisk;
  readonly mode: JournalMode;
  readonly log: Log;
  readonly onAccepted: (accepted: Accepted) => void;
}

/** One run of the router, from its start to its end or crash, with its journal. */
export class RouterLife {
  readonly number: number;
  readonly clock: LifeClock;
  readonly router: Router;
  readonly #options: LifeOptions;
  readonly #journal: Journal;
  #isOver = false;
  #order = 0;
  #timersAtRest = 0;

  private constructor(options: LifeOptions) {
    this.#options = options;
    const { number, world, aheadMicros, disk, mode, log } = options;
    this.number = number;
    this.clock = new LifeClock(world, aheadMicros);
    const { clock } = this;
    const random = idsOf(number);
    const defer = (run: () => void): void => void clock.after(turn, run);
    this.router = createRouter({ clock, random, log, defer, name: `life ${number}`, limits });
    this.router.applyRules({ rules, enforceRanges: false, enforceTypes: false });
    const { params, timelines, clients } = this.router;
    const store = disk.open();
    this.#journal = new Journal({
      store,
      params,
      timelines,
      clients,
      clock,
      random,
      log,
      defer,
      mode,
      limits: signalJournalLimits,
    });
  }

  static async begin(options: LifeOptions): Promise<RouterLife> {
    const life = new RouterLife(options);
    await life.#journal.restore();
    life.#keep();
    // Timelines come back with their show.
    life.#journal.showOnTable('the show');
    life.#timersAtRest = life.clock.waiting;
    return life;
  }

  /** Its process has ended: nothing reaches it any more. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** So many signals has it accepted. */
  get accepted(): number {
    return this.#order;
  }

  /** Timers beyond those that a router has that nobody ever spoke to. */
  get extraTimers(): number {
    return this.clock.waiting - this.#timersAtRest;
  }

  /** All of it stops where it is. */
  crash(): void {
    this.#isOver = true;
    this.clock.stop();
  }

  async close(): Promise<void> {
    this.router.close('closed in order');
    await this.#journal.close();
    this.#isOver = true;
    this.clock.stop();
  }

  #keep(): void {
    const journal = this.#journal;
    this.router.keepWith({
      whenKept: (run, done) => journal.whenKept(run, done),
      history: journal.history,
      record: (message, origin, at) => {
        journal.record(message, origin, at);
        this.#options.onAccepted(this.#entryOf(message, origin, at));
      },
    });
  }

  #entryOf(message: SetMessage | PublishMessage, { name }: Origin, keptAt: Micros): Accepted {
    const isSet = message.type === messageType.set;
    const value = message.value?.copy().value;
    const record = isSet ? this.router.params.get(message.address) : undefined;
    return {
      life: this.number,
      order: this.#order++,
      at: this.#options.world.nowMicros(),
      keptAt,
      session: name,
      kind: isSet ? 'param' : message.kind,
      address: message.address,
      value,
      token: tokenOf(value),
      revision: isSet ? message.revision : undefined,
      phase: isSet ? undefined : message.phase,
      finger: isSet ? undefined : message.id,
      locks: isSet ? (message.lock ? 'lock' : message.unlock ? 'unlock' : undefined) : undefined,
      holder: record?.holder,
      isTimed: record?.ttl !== undefined,
    };
  }
}

function idsOf(life: number): { readonly fraction: () => number; readonly uuid: () => string } {
  let next = 0;
  return { fraction: seededChance(life), uuid: () => `session ${life}.${next++}` };
}
