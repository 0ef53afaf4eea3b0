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
  /** as what the session stands as a sender */
  readonly name: string;
  readonly params: Pick<ParamShelf, 'watchUnlocks'>;
  readonly watchPasses?: (run: (address: Address, from: string) => void) => void;
  readonly clock: Clock;
  /** a lock has ended, and this would have set the target meanwhile */
  readonly onUnlock: (waiting: Waiting) => void;
}

/** What a mapping could not send. */
export interface Waiting {
  readonly mappingId: string;
  readonly source: Signal;
  readonly movedAt: Micros;
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
  readonly #blocked = new Map<Address, Waiting>();

  constructor(options: TargetWriterOptions) {
    this.#options = options;
    const { params, watchPasses, name, clock } = options;
    params.watchUnlocks((target) => this.#release(target));
    watchPasses?.((address, from) => {
      if (from !== name) this.owners.noteOther(address, clock.nowMicros());
    });
  }

  /** @returns why the router did not take it */
  send({ mappingId, number, source, sent, past }: Sending): Refusal | undefined {
    const { arrivedAt, movedAt, spent } = past;
    const cause = { because: `set ${number}`, hops: past.hops + 1, arrivedAt, movedAt, mappingId, spent };
    const refusal = this.#options.session.publish([sent], cause);
    if (!refusal) {
      this.owners.set(sent.address, mappingId, movedAt);
      this.#blocked.delete(sent.address);
    } else if (refusal.code === errorNumber.lockHeld) {
      this.#wait(sent.address, { mappingId, source, movedAt });
    }
    return refusal;
  }

  forget(): void {
    this.owners.clear();
    this.#blocked.clear();
  }

  /** The one that was moved last waits. */
  #wait(target: Address, waiting: Waiting): void {
    const before = this.#blocked.get(target);
    if (before ? before.movedAt <= waiting.movedAt : this.#blocked.size < blockedMax)
      this.#blocked.set(target, waiting);
  }

  #release(target: Address): void {
    const waiting = this.#blocked.get(target);
    this.#blocked.delete(target);
    if (waiting) this.#options.onUnlock(waiting);
  }
}
