import { isExact, type Address } from '../../contract/address.ts';
import type { Micros } from '../../contract/units.ts';
import { createDeadlineQueue, type DeadlineQueue } from '../clock/deadline-queue.ts';
import type { ParamRecord } from '../router/state/param-write.ts';
import type { ParamShelf } from '../router/router.ts';
import { SubscriptionIndex } from '../router/subscriptions/subscription-index.ts';
import type { Defer } from '../router/delivery/turn.ts';
import { bySource, type CompiledMapping } from './compile-mapping.ts';

/** Params looked at, and params passed on, in one turn of the event loop: half a millisecond of either, so that a large
 *  table and many new wildcards hold up no lamp. */
const looksPerTurn = 1000;
const passesPerTurn = 64;

export interface TakeOverOptions<M extends CompiledMapping> {
  readonly mappings: readonly M[];
  readonly params: Pick<ParamShelf, 'get' | 'records'>;
  readonly defer: Defer;
  /** one mapping whose source covers this param, as the param stands now */
  readonly pass: (mapping: M, param: ParamRecord) => void;
}

/** Shows mappings the params that their sources cover, the newest first: a few at once, all others over the next turns. */
export class TakeOver<M extends CompiledMapping> {
  readonly #options: TakeOverOptions<M>;
  readonly #work: Iterator<'look' | 'pass', undefined>;
  #isDone = false;
  #isCancelled = false;

  constructor(options: TakeOverOptions<M>) {
    this.#options = options;
    this.#work = this.#steps();
  }

  /** those that may not have seen all yet */
  get unfinished(): readonly M[] {
    return this.#isDone ? [] : this.#options.mappings;
  }

  /** Does what one turn has time for now, and the rest in the next turns. */
  run(): void {
    if (this.#isDone || this.#isCancelled) return;
    let looks = 0;
    let passes = 0;
    while (looks < looksPerTurn && passes < passesPerTurn) {
      const { done, value } = this.#work.next();
      if (done) {
        this.#isDone = true;
        return;
      }
      if (value === 'look') looks++;
      else passes++;
    }
    this.#options.defer(() => this.run());
  }

  /** What it had not done stays `unfinished`. */
  cancel(): void {
    this.#isCancelled = true;
  }

  /** The one that was moved last comes first: what it has set, the others leave alone, and no lamp flickers. */
  *#steps(): Generator<'look' | 'pass', undefined> {
    const { mappings, params, pass } = this.#options;
    const covering = new SubscriptionIndex<readonly M[], readonly (readonly M[])[]>(1, (found) => found);
    for (const [source, sharing] of bySource(mappings)) covering.add(source, sharing);
    const newestFirst = createDeadlineQueue<Address>({ itemsMax: Infinity });
    for (const param of this.#candidates()) {
      const found = param ? covering.targetsOf(param.address).length : 0;
      if (param && found > 0) newestFirst.add(-Number(param.movedAt) as Micros, param.address);
      for (let looks = 0; looks < Math.max(1, found); looks++) yield 'look';
    }
    for (const address of takeAll(newestFirst)) {
      for (const mapping of covering.targetsOf(address).flat()) {
        // It may have changed, or gone, in the turns between.
        const now = params.get(address);
        if (now) pass(mapping, now);
        yield 'pass';
      }
    }
    return undefined;
  }

  /** All that a source may cover, each once. */
  *#candidates(): Generator<ParamRecord | undefined, undefined> {
    const { mappings, params } = this.#options;
    if (mappings.every(({ source }) => isExact(source))) {
      for (const source of new Set(mappings.map((each) => each.source))) yield params.get(source);
    } else {
      yield* params.records();
    }
    return undefined;
  }
}

function* takeAll<T>(queue: DeadlineQueue<T>): Generator<T, undefined> {
  for (let next = queue.next(); next !== undefined; next = queue.next()) yield* queue.takeDue(next, 1);
  return undefined;
}
