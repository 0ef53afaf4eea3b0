import type { Micros } from '../contract/units.ts';
import type { CapabilityGrant } from './capability-verifier.ts';

/** Capability tokens whose proofs are remembered; the oldest is forgotten beyond it. */
export const standingGrantsMax = 10_000;

/** Which tokens stand on which proofs: who revokes a proof ends all that were made with it. A token that was forgotten still ends by
 *  itself, and opens nothing again. */
export class StandingGrants {
  /** by the id of the token, the newest last */
  readonly #grants = new Map<string, CapabilityGrant>();

  add(grant: CapabilityGrant, now: Micros): void {
    if (grant.proofIds.length === 0) return;
    const { id } = grant.grant;
    this.#grants.delete(id);
    this.#grants.set(id, grant);
    if (this.#grants.size > standingGrantsMax) this.#makeRoom(now);
  }

  /** Forgets those that stand on this proof. @returns the ids of their tokens */
  endWith(proofId: string): readonly string[] {
    const ended = [...this.#grants.values()]
      .filter(({ proofIds }) => proofIds.includes(proofId))
      .map(({ grant }) => grant.id);
    for (const id of ended) this.#grants.delete(id);
    return ended;
  }

  #makeRoom(now: Micros): void {
    for (const [id, { grant }] of this.#grants) if ((grant.expiresAt ?? Infinity) <= now) this.#grants.delete(id);
    const [oldest] = this.#grants.keys();
    if (this.#grants.size > standingGrantsMax && oldest !== undefined) this.#grants.delete(oldest);
  }
}
