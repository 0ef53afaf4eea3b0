import type { Address } from '../../contract/address.ts';
import type { Signal } from '../../contract/signal.ts';
import type { Micros } from '../../contract/units.ts';
import { encodedSize } from '../protocol/values.ts';
import { errorNumber, type Refusal } from '../router/requests/refusal.ts';
import type { PassWatcher } from '../router/exchange.ts';
import type { ParamShelf } from '../router/router.ts';
import type { MappingSession, Past } from './mapping-session.ts';
import { TargetOwners } from './target-owners.ts';

/** Signals kept for targets that are locked, until the lock ends. Beyond, a set follows again with its next signal. */
const blockedMax = 10_000;
/** of all their values together, as the wire carries them */
const blockedBytesMax = 1024 * 1024;

export interface TargetWriterOptions {
  readonly session: Pick<MappingSession, 'publish'>;
  /** as what the session stands as a sender */
  readonly name: string;
  readonly params: Pick<ParamShelf, 'get' | 'watchUnlocks'>;
  readonly watchPasses?: (run: PassWatcher) => void;
  /** the lock of this target has ended, and this would have set it meanwhile */
  readonly onUnlock: (target: Address, waiting: Waiting) => void;
}

/** What a mapping could not send. */
export interface Waiting {
  readonly mappingId: string;
  readonly source: Address;
  /** undefined for a param that the router has, as it stands by then */
  readonly passed: Signal | undefined;
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
  #blockedBytes = 0;

  constructor(options: TargetWriterOptions) {
    this.#options = options;
    const { params, watchPasses, name } = options;
    params.watchUnlocks((target, isSet) => {
      const waiting = this.#drop(target);
      // Who sets a param to end its lock has moved it last.
      if (waiting && !isSet) this.#options.onUnlock(target, waiting);
    });
    watchPasses?.((address, from, at) => {
      if (from !== name) this.owners.noteOther(address, at);
    });
  }

  /** @returns why the router did not take it */
  send({ mappingId, number, source, sent, past }: Sending): Refusal | undefined {
    const { arrivedAt, movedAt, spent } = past;
    const cause = { because: `set ${number}`, hops: past.hops + 1, arrivedAt, movedAt, mappingId, spent };
    const refusal = this.#options.session.publish([sent], cause);
    if (!refusal) {
      this.owners.set(sent.address, { mappingId, movedAt, isKept: sent.kind === 'param' });
      this.#drop(sent.address);
    } else if (refusal.code === errorNumber.lockHeld) {
      // One that was published and not set is in no table.
      const isThere = source.kind === 'param' && this.#options.params.get(source.address)?.movedAt === movedAt;
      const passed = isThere ? undefined : source;
      this.#wait(sent.address, { mappingId, source: source.address, passed, movedAt });
    }
    return refusal;
  }

  forget(): void {
    this.owners.clear();
    this.#blocked.clear();
    this.#blockedBytes = 0;
  }

  /** The one that was moved last waits. */
  #wait(target: Address, waiting: Waiting): void {
    const before = this.#blocked.get(target);
    if (before && before.movedAt > waiting.movedAt) return;
    this.#drop(target);
    const sizeBytes = this.#blockedBytes + sizeOf(waiting);
    if (this.#blocked.size >= blockedMax || sizeBytes > blockedBytesMax) return;
    this.#blocked.set(target, waiting);
    this.#blockedBytes = sizeBytes;
  }

  #drop(target: Address): Waiting | undefined {
    const waiting = this.#blocked.get(target);
    if (!waiting) return undefined;
    this.#blocked.delete(target);
    this.#blockedBytes -= sizeOf(waiting);
    return waiting;
  }
}

function sizeOf({ passed }: Waiting): number {
  if (!passed) return 0;
  return encodedSize(passed.value) + (passed.kind === 'stream' ? (passed.samples?.length ?? 0) * 8 : 0);
}
