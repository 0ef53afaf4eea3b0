import { matcherOf, parsePattern, type Address } from '../../../contract/address.ts';
import { compareSpecificity } from '../../../contract/pattern-order.ts';
import type { SignalSettings } from '../../../contract/show.ts';
import type { ConflictStrategy, Value } from '../../../contract/signal.ts';
import type { AnnouncedSignal } from '../../protocol/messages.ts';
import type { AnnouncedSignals } from './announced-signals.ts';
import { errorNumber, type Refusal } from '../requests/refusal.ts';
import { boundsFault, fitToBounds, isRange, type SignalBounds } from './signal-bounds.ts';

/** What holds for the writes to one address. */
export interface Ruling {
  readonly strategy: ConflictStrategy;
  /** undefined where nothing is enforced */
  readonly bounds: SignalBounds | undefined;
}

/** Says what may be written to an address under a prefix of Flyrail's own. Quick, and does not throw.
 *  @returns what was expected, as a sentence; undefined when the value fits */
export type OwnJudge = (address: Address, value: Value) => string | undefined;

export interface SignalRulesOptions {
  readonly announced: Pick<AnnouncedSignals, 'covering' | 'changes'>;
  /** addresses remembered; past it the memory starts afresh */
  readonly cachedMax: number;
}

interface CompiledRule {
  readonly covers: (address: Address) => boolean;
  readonly rule: SignalSettings['rules'][number];
}

/** What the show, and beneath it the owners of signals, say about writes. Of strategy, range and datatype each for itself, the
 *  most specific rule of the show counts that says it, then the most specific announcement that does. A range or datatype that
 *  was announced holds only where the show says so. */
export class SignalRules {
  readonly #options: SignalRulesOptions;
  #rules: readonly CompiledRule[] = [];
  #settings: SignalSettings = { rules: [], enforceRanges: false, enforceTypes: false };
  readonly #cache = new Map<Address, Ruling>();
  readonly #own: { readonly prefix: string; readonly judge: OwnJudge }[] = [];
  /** `announced.changes` of which the cache was made */
  #cachedAt = 0;

  constructor(options: SignalRulesOptions) {
    this.#options = options;
  }

  /** From now on these hold.
   *  @throws InputError 'bad-pattern' */
  load(settings: SignalSettings): void {
    const sorted = settings.rules
      .map((rule) => ({ rule, pattern: parsePattern(rule.pattern) }))
      .sort((left, right) => compareSpecificity(left.pattern, right.pattern));
    this.#rules = sorted.map(({ rule, pattern }) => ({ rule, covers: matcherOf(pattern) }));
    this.#settings = settings;
    this.#cache.clear();
  }

  /** From now on this judges every value for addresses that begin so, whatever the show says of them.
   *  @param prefix with a slash at its end */
  judgeOwn(prefix: string, judge: OwnJudge): void {
    this.#own.push({ prefix, judge });
    this.#cache.clear();
  }

  /** Nobody says anything about any address that is not Flyrail's own, as in most shows. */
  get isSilent(): boolean {
    return this.#rules.length === 0 && this.#options.announced.changes === 0;
  }

  of(address: Address): Ruling {
    const { announced, cachedMax } = this.#options;
    if (this.isSilent && !this.#ownJudgeOf(address)) return plainRuling;
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

  #ownJudgeOf(address: Address): OwnJudge | undefined {
    for (const { prefix, judge } of this.#own) if (address.startsWith(prefix)) return judge;
    return undefined;
  }

  #find(address: Address): Ruling {
    const { enforceRanges, enforceTypes } = this.#settings;
    const rules = this.#rules.flatMap(({ rule, covers }) => (covers(address) ? [rule] : []));
    const announced = this.#options.announced.covering(address);
    const enforce = firstOf(rules, (rule) => rule.enforce);
    const strategy =
      firstOf(rules, (rule) => rule.strategy) ?? firstOf(announced, ({ meta }) => meta?.strategy) ?? 'lww';
    const range =
      firstOf(rules, (rule) => rule.range && ([rule.range.min, rule.range.max] as const)) ??
      ((enforce ?? enforceRanges) ? firstOf(announced, announcedRange) : undefined);
    const datatype =
      firstOf(rules, (rule) => rule.datatype) ??
      ((enforce ?? enforceTypes) ? firstOf(announced, (signal) => signal.datatype) : undefined);
    const own = this.#ownJudgeOf(address);
    const judge = own && ((value: Value) => own(address, value));
    const bounds = (range ?? datatype ?? judge) ? { range, datatype, judge } : undefined;
    return strategy === 'lww' && !bounds ? plainRuling : { strategy, bounds };
  }
}

/** What the first says of them that says it, the most specific in front. */
function firstOf<T, V>(items: readonly T[], say: (item: T) => V | null | undefined): V | undefined {
  for (const item of items) {
    const said = say(item);
    if (said !== null && said !== undefined) return said;
  }
  return undefined;
}

function announcedRange({ meta }: AnnouncedSignal): readonly [min: number, max: number] | undefined {
  return meta?.range && isRange(meta.range) ? meta.range : undefined;
}

/** The last write holds. */
export const plainRuling: Ruling = { strategy: 'lww', bounds: undefined };
