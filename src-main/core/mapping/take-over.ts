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

/** Shows mappings the params that their sources cover: a few at once, all others over the next turns. */
export class TakeOver<M extends CompiledMapping> {
  readonly #options: TakeOverOptions<M>;
  readonly #work: Iterator<'look' | 'pass', undefined>;
  #isDone = false;

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
    if (this.#isDone) return;
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

  cancel(): void {
    this.#isDone = true;
  }

  *#steps(): Generator<'look' | 'pass', undefined> {
    const { mappings, params, pass } = this.#options;
    for (const mapping of mappings) {
      if (!isExact(mapping.source)) continue;
      const param = params.get(mapping.source);
      if (param) pass(mapping, param);
      yield param ? 'pass' : 'look';
    }
    const wide = mappings.filter(({ source }) => !isExact(source));
    if (wide.length === 0) return undefined;
    const index = new SubscriptionIndex<M, readonly M[]>(1, (found) => found);
    for (const mapping of wide) index.add(mapping.source, mapping);
    for (const { address } of params.records()) {
      yield 'look';
      for (const mapping of index.targetsOf(address)) {
        // It may have changed, or gone, in the turns between.
        const param = params.get(address);
        if (param) pass(mapping, param);
        yield 'pass';
      }
    }
    return undefined;
  }
}
