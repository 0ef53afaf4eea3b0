import { matcherOf, parsePattern, type Address } from '../../contract/address.ts';
import { compareSpecificity } from '../../contract/pattern-order.ts';
import type { SignalSettings } from '../../contract/show.ts';
import type { ConflictStrategy, Value } from '../../contract/signal.ts';
import type { AnnouncedSignals } from './announced-signals.ts';
import { errorNumber, type Refusal } from './refusal.ts';
import { boundsFault, fitToBounds, isRange, type SignalBounds } from './signal-bounds.ts';

/** What holds for the writes to one address. */
export interface Ruling {
  readonly strategy: ConflictStrategy;
  /** undefined where nothing is enforced */
  readonly bounds: SignalBounds | undefined;
}

export interface SignalRulesOptions {
  readonly announced: Pick<AnnouncedSignals, 'get' | 'changes'>;
  /** addresses remembered; past it the memory starts afresh */
  readonly cachedMax: number;
}

interface CompiledRule {
  readonly covers: (address: Address) => boolean;
  readonly strategy: ConflictStrategy;
}

/** What the show, and beneath it the owners of signals, say about writes. The most specific pattern of the show counts, then
 *  the strategy that was announced, then the last write. Ranges and datatypes are those that were announced. */
export class SignalRules {
  readonly #options: SignalRulesOptions;
  #rules: readonly CompiledRule[] = [];
  #settings: SignalSettings = { rules: [], enforceRanges: false, enforceTypes: false };
  readonly #cache = new Map<Address, Ruling>();
  /** `announced.changes` of which the cache was made */
  #cachedAt = 0;

  constructor(options: SignalRulesOptions) {
    this.#options = options;
  }

  /** From now on these hold.
   *  @throws InputError 'bad-pattern' */
  load(settings: SignalSettings): void {
    const sorted = settings.rules
      .map(({ pattern, strategy }) => ({ pattern: parsePattern(pattern), strategy }))
      .sort((left, right) => compareSpecificity(left.pattern, right.pattern));
    this.#rules = sorted.map(({ pattern, strategy }) => ({ covers: matcherOf(pattern), strategy }));
    this.#settings = settings;
    this.#cache.clear();
  }

  of(address: Address): Ruling {
    const { announced, cachedMax } = this.#options;
    // Most shows have no rules and most clients announce nothing: then a write costs no look-up here.
    if (this.#rules.length === 0 && announced.changes === 0) return plainRuling;
    if (this.#cachedAt !== announced.changes) {
      this.#cachedAt = announced.changes;
      this.#cache.clear();
    }
    const known = this.#cache.get(address);
    if (known) return known;
    const ruling = this.#find(address);
    if (this.#cache.size >= cachedMax) this.#cache.clear();
    this.#cache.set(address, ruling);
    return ruling;
  }

  /** Whether a value may be sent to an address.
   *  @returns why not */
  judge(address: Address, value: Value): Refusal | undefined {
    const { bounds } = this.of(address);
    const fault = bounds && boundsFault(value, bounds);
    return fault === undefined ? undefined : { code: errorNumber.invalidValue, message: fault, address };
  }

  /** The nearest value that may be sent there, as far as there is one. */
  fit(address: Address, value: Value): Value {
    const { bounds } = this.of(address);
    return bounds ? fitToBounds(value, bounds) : value;
  }

  #find(address: Address): Ruling {
    const signal = this.#options.announced.get(address);
    const rule = this.#rules.find(({ covers }) => covers(address));
    const strategy = rule?.strategy ?? signal?.meta?.strategy ?? 'lww';
    const { enforceRanges, enforceTypes } = this.#settings;
    const range = enforceRanges && signal?.meta?.range && isRange(signal.meta.range) ? signal.meta.range : undefined;
    const datatype = enforceTypes ? signal?.datatype : undefined;
    const bounds = (range ?? datatype) ? { range, datatype } : undefined;
    return strategy === 'lww' && !bounds ? plainRuling : { strategy, bounds };
  }
}

/** The last write holds. */
export const plainRuling: Ruling = { strategy: 'lww', bounds: undefined };
