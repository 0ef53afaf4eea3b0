import { matcherOf, type Address, type Pattern } from '../../contract/address.ts';
import { contains, looksMax, type Looks } from '../../contract/pattern-contain.ts';
import { formatScope, includes, type Scope, type ScopeAction } from '../../contract/scope.ts';
import type { Value } from '../../contract/signal.ts';
import type { Constraint } from '../../ports/token-verifier.ts';
import { rangeFault } from './range-fault.ts';

/** What somebody may do. Where there is none, everything: an open router pays nothing for it. */
export interface Access {
  may(action: ScopeAction, address: Address): boolean;
  /** Whether it may be done at every address that the pattern covers. May say no once there are no looks left.
   *  @param looks of all that is asked together; those of one question without it */
  mayAll(action: ScopeAction, pattern: Pattern, looks?: Looks): boolean;
  /** Why this may not be written there though something may; undefined: it may. */
  faultIn(address: Address, value: Value): string | undefined;
  /** Those that hold at some address. */
  readonly constraints: readonly Constraint[];
  /** for people: `read:/**` and so on */
  readonly words: string;
  /** the same text for the same scopes and constraints, and for no others */
  readonly rights: string;
}

/** Of one message, or one token that narrows a session, with all that it names: some 30 ms at most. */
export const looksTogetherMax = 10 * looksMax;

/** addresses whose answers are remembered; then the memory starts afresh */
const rememberedMax = 4096;

interface CompiledScope extends Scope {
  readonly covers: (address: Address) => boolean;
}

/** What a list of scopes allows: each what it names, together no more than that. A pattern is allowed where one of them alone
 *  contains it. */
export class ScopedAccess implements Access {
  readonly words: string;
  readonly rights: string;
  readonly constraints: readonly Constraint[];
  readonly #scopes: readonly CompiledScope[];
  readonly #ranges: readonly {
    readonly range: readonly [number, number];
    readonly covers: (address: Address) => boolean;
  }[];
  /** the widest action for each address, as its place in `scopeActions` */
  readonly #remembered = new Map<Address, ScopeAction | undefined>();

  constructor(scopes: readonly Scope[], constraints: readonly Constraint[] = []) {
    this.words = scopes.length === 0 ? 'nothing' : scopes.map(formatScope).join(', ');
    this.rights = JSON.stringify([scopes.map(formatScope), constraints]);
    this.constraints = constraints;
    this.#scopes = scopes.map((scope) => ({ ...scope, covers: matcherOf(scope.pattern) }));
    this.#ranges = constraints.flatMap(({ pattern, range }) => (range ? [{ range, covers: matcherOf(pattern) }] : []));
  }

  may(action: ScopeAction, address: Address): boolean {
    const widest = this.#remembered.has(address) ? this.#remembered.get(address) : this.#remember(address);
    return widest !== undefined && includes(widest, action);
  }

  mayAll(action: ScopeAction, pattern: Pattern, looks: Looks = { left: looksMax }): boolean {
    return this.#scopes.some((scope) => includes(scope.action, action) && contains(scope.pattern, pattern, looks));
  }

  faultIn(address: Address, value: Value): string | undefined {
    for (const { range, covers } of this.#ranges) {
      if (!covers(address)) continue;
      const fault = rangeFault(range, value);
      if (fault !== undefined) return fault;
    }
    return undefined;
  }

  #remember(address: Address): ScopeAction | undefined {
    let widest: ScopeAction | undefined;
    for (const { action, covers } of this.#scopes)
      if (covers(address) && (widest === undefined || includes(action, widest))) widest = action;
    if (this.#remembered.size >= rememberedMax) this.#remembered.clear();
    this.#remembered.set(address, widest);
    return widest;
  }
}

/** What both of two allow; undefined where both allow everything. */
export function intersect(left: Access | undefined, right: Access | undefined): Access | undefined {
  if (!left || !right) return left ?? right;
  return {
    words: `${left.words}, and of these only ${right.words}`,
    rights: JSON.stringify([left.rights, right.rights]),
    constraints: [...left.constraints, ...right.constraints],
    may: (action, address) => left.may(action, address) && right.may(action, address),
    mayAll: (action, pattern, looks) => left.mayAll(action, pattern, looks) && right.mayAll(action, pattern, looks),
    faultIn: (address, value) => left.faultIn(address, value) ?? right.faultIn(address, value),
  };
}
