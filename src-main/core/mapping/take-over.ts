import { isExact } from '../../contract/address.ts';
import type { ParamRecord } from '../router/param-write.ts';
import type { ParamShelf } from '../router/router.ts';
import { SubscriptionIndex } from '../router/subscription-index.ts';
import type { Defer } from '../router/turn.ts';
import type { CompiledMapping } from './compile-mapping.ts';

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
    const { params, pass } = this.#options;
    const found: { readonly mapping: M; readonly param: ParamRecord }[] = [];
    for (const each of this.#find()) {
      if (each) found.push(each);
      yield 'look';
    }
    found.sort((one, other) => other.param.movedAt - one.param.movedAt);
    for (const { mapping, param } of found) {
      // It may have changed, or gone, in the turns between.
      const now = params.get(param.address);
      if (now) pass(mapping, now);
      yield 'pass';
    }
    return undefined;
  }

  *#find(): Generator<{ readonly mapping: M; readonly param: ParamRecord } | undefined, undefined> {
    const { mappings, params } = this.#options;
    const index = new SubscriptionIndex<M, readonly M[]>(1, (found) => found);
    let isWide = false;
    for (const mapping of mappings) {
      if (!isExact(mapping.source)) {
        index.add(mapping.source, mapping);
        isWide = true;
        continue;
      }
      const param = params.get(mapping.source);
      yield param && { mapping, param };
    }
    if (!isWide) return undefined;
    for (const param of params.records()) {
      const covering = index.targetsOf(param.address);
      if (covering.length === 0) yield undefined;
      for (const mapping of covering) yield { mapping, param };
    }
    return undefined;
  }
}
