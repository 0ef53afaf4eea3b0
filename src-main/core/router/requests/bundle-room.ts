import { LimitError } from '../../../contract/errors.ts';
import { mayTake } from '../../bounds/may-take.ts';

export interface ScheduledLimits {
  /** bundles that wait; further ones are refused, of a client that has many already sooner (see `mayTake`) */
  readonly scheduledMax: number;
  /** of all their messages together; the same */
  readonly scheduledBytesMax: number;
}

/** One bundle that waits. */
export interface Waiting {
  /** whose it is: nobody else may cancel it */
  readonly owner: object;
  /** what it can be cancelled by */
  readonly id: bigint | undefined;
  readonly sizeBytes: number;
}

/** What one owner has waiting. */
interface Share<T> {
  count: number;
  sizeBytes: number;
  readonly byId: Map<bigint, T>;
}

/** The bundles that wait, by whose they are, and the room they take together. */
export class BundleRoom<T extends Waiting> {
  readonly #limits: ScheduledLimits;
  readonly #shares = new Map<object, Share<T>>();
  #size = 0;
  #sizeBytes = 0;
  #overShareTotal = 0;

  constructor(limits: ScheduledLimits) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#size;
  }

  /** refused while there was room, since their owner had so many already */
  get overShareTotal(): number {
    return this.#overShareTotal;
  }

  /** @throws LimitError 'too-many-items'; then nothing has changed */
  enter(item: T): void {
    const share = this.#shares.get(item.owner) ?? { count: 0, sizeBytes: 0, byId: new Map<bigint, T>() };
    this.#assertRoom(item, share);
    this.#shares.set(item.owner, share);
    if (item.id !== undefined) share.byId.set(item.id, item);
    this.#count(share, item, 1);
  }

  /** To be called once for each that entered. */
  leave(item: T): void {
    const share = this.#shares.get(item.owner);
    if (!share) return;
    if (item.id !== undefined && share.byId.get(item.id) === item) share.byId.delete(item.id);
    this.#count(share, item, -1);
    if (share.count === 0) this.#shares.delete(item.owner);
  }

  find(owner: object, id: bigint): T | undefined {
    return this.#shares.get(owner)?.byId.get(id);
  }

  clear(): void {
    this.#shares.clear();
    this.#size = 0;
    this.#sizeBytes = 0;
  }

  #count(share: Share<T>, { sizeBytes }: T, sign: 1 | -1): void {
    share.count += sign;
    share.sizeBytes += sign * sizeBytes;
    this.#size += sign;
    this.#sizeBytes += sign * sizeBytes;
  }

  #assertRoom({ sizeBytes }: T, share: Share<T>): void {
    const { scheduledMax, scheduledBytesMax } = this.#limits;
    const place = mayTake({ max: scheduledMax, taken: this.#size, own: share.count }, 1);
    const bytes = mayTake({ max: scheduledBytesMax, taken: this.#sizeBytes, own: share.sizeBytes }, sizeBytes);
    if (place === 'full') {
      const text = `At most ${scheduledMax} bundles can wait for their time at once.`;
      throw new LimitError('too-many-items', text, { itemsMax: scheduledMax });
    }
    if (bytes === 'full') {
      const text = `Bundles of more than ${scheduledBytesMax} bytes together cannot wait for their time.`;
      throw new LimitError('too-many-items', text, { bytesMax: scheduledBytesMax });
    }
    if (place === 'yes' && bytes === 'yes') return;
    this.#overShareTotal++;
    const text =
      `${share.count} bundles of this client wait for their time, of ${share.sizeBytes} bytes; ` +
      'what is left is for others too. Send more when some have run.';
    throw new LimitError('too-many-items', text, { items: share.count, bytes: share.sizeBytes });
  }
}
