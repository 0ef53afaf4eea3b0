import type { Address } from '../../contract/address.ts';
import type { Signal } from '../../contract/signal.ts';
import type { Micros } from '../../contract/units.ts';
import type { Clock } from '../../ports/clock.ts';
import { errorNumber, type Refusal } from '../router/refusal.ts';
import type { ParamShelf } from '../router/router.ts';
import type { MappingSession, Past } from './mapping-session.ts';
import { TargetOwners } from './target-owners.ts';

/** Values kept for targets that are locked, until the lock ends. */
const blockedMax = 10_000;

export interface TargetWriterOptions {
  readonly session: Pick<MappingSession, 'publish'>;
  readonly params: Pick<ParamShelf, 'get' | 'watchUnlocks'>;
  readonly clock: Clock;
  /** a lock has ended, and this is what the target would have by now */
  readonly onUnlock: (mappingId: string, source: Signal) => void;
}

export interface Sending {
  readonly mappingId: string;
  readonly number: number;
  /** what the mapping made `sent` of */
  readonly source: Signal;
  readonly sent: Signal;
  readonly past: Past;
}

/** Sends what mappings make to the router, and remembers who was the last to set each target and who waits for a lock. */
export class TargetWriter {
  readonly owners = new TargetOwners();
  readonly #options: TargetWriterOptions;
  readonly #blocked = new Map<Address, { readonly mappingId: string; readonly source: Signal; readonly at: Micros }>();

  constructor(options: TargetWriterOptions) {
    this.#options = options;
    options.params.watchUnlocks((target) => this.#release(target));
  }

  /** @returns why the router did not take it */
  send({ mappingId, number, source, sent, past }: Sending): Refusal | undefined {
    const { session, clock } = this.#options;
    const { arrivedAt, spent } = past;
    const refusal = session.publish([sent], {
      because: `set ${number}`,
      hops: past.hops + 1,
      arrivedAt,
      mappingId,
      spent,
    });
    if (!refusal) {
      this.owners.set(sent.address, mappingId);
      this.#blocked.delete(sent.address);
    } else if (refusal.code === errorNumber.lockHeld && this.#blocked.size < blockedMax) {
      this.#blocked.set(sent.address, { mappingId, source, at: clock.nowMicros() });
    }
    return refusal;
  }

  /** The fader that moved meanwhile has its lamp again, unless the holder has set it later still. */
  #release(target: Address): void {
    const blocked = this.#blocked.get(target);
    this.#blocked.delete(target);
    const writtenAt = this.#options.params.get(target)?.timestamp ?? 0n;
    if (blocked && BigInt(blocked.at) >= writtenAt) this.#options.onUnlock(blocked.mappingId, blocked.source);
  }
}
