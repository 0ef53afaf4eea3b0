import type { Address } from '../../../contract/address.ts';
import { micros, type Micros } from '../../../contract/units.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { DeadlineHandle } from '../../clock/deadline-queue.ts';
import { Deadlines } from '../../clock/deadlines.ts';
import type { Ttl } from '../../protocol/messages.ts';
import type { ParamRecord, RunningTtl } from './param-write.ts';

/** Params that expire in one turn; the others that are due follow in the next. */
const perTurnMax = 256;

interface Planned {
  readonly ttl: RunningTtl;
  readonly handle: DeadlineHandle;
}

/** Knows when params expire. A sliding TTL counts from the last write, an absolute one from the write that gave it.
 *  @see CLASP-WIRE §3, SET */
export class ParamExpiry {
  readonly #planned = new Map<Address, Planned>();
  readonly #deadlines: Deadlines<Address>;

  /** @param onExpire the param's time is over */
  constructor(clock: Clock, onExpire: (address: Address) => void) {
    this.#deadlines = new Deadlines<Address>({
      clock,
      itemsMax: Infinity,
      perTurnMax,
      run: (address) => {
        this.#planned.delete(address);
        onExpire(address);
      },
    });
  }

  /** A param as it stands after a write, or as it came back from an earlier run. */
  note({ address, ttl, timestamp }: Pick<ParamRecord, 'address' | 'ttl' | 'timestamp'>): void {
    const planned = this.#planned.get(address);
    // Without a new TTL the record has the very one it had.
    if (planned && ttl === planned.ttl && ttl.absolute) return;
    if (planned) this.forget(address);
    if (!ttl || isNever(ttl)) return;
    const handle = this.#deadlines.add(endOf(ttl, timestamp), address);
    this.#planned.set(address, { ttl, handle });
  }

  /** The param is gone. */
  forget(address: Address): void {
    const planned = this.#planned.get(address);
    if (!planned) return;
    this.#planned.delete(address);
    this.#deadlines.cancel(planned.handle);
  }

  close(): void {
    this.#planned.clear();
    this.#deadlines.clear();
  }
}

function isNever({ seconds, absolute }: Ttl): boolean {
  return seconds === 0 && !absolute;
}

function endOf({ seconds, absolute, since }: RunningTtl, writtenAt: Micros): Micros {
  return micros((absolute ? since : writtenAt) + seconds * 1_000_000);
}
