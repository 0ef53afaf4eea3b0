import { isExact, matcherOf, type Address, type Pattern } from '../../../contract/address.ts';
import type { FrameOptions } from '../../protocol/frame.ts';
import { messageType, type SnapshotMessage } from '../../protocol/messages.ts';
import type { FrameSource } from '../delivery/outbox.ts';
import { paramBytesMax, type ParamRecord } from './param-write.ts';
import { SharedFrame } from '../delivery/shared-frame.ts';
import type { Covered, Place, SnapshotPage } from './snapshot-page.ts';
import type { ValueTable } from './value-table.ts';

export interface SnapshotOptions {
  readonly table: ValueTable;
  /** all params unless given */
  readonly pattern?: Pattern;
  /** which of them may be seen; all without it */
  readonly mayRead?: ((address: Address) => boolean) | undefined;
  /** whether an empty SNAPSHOT is sent when nothing is there */
  readonly evenIfEmpty: boolean;
  /** of one frame, for peers that take less than the wire allows */
  readonly frameBytesMax: number;
  /** of every frame */
  readonly header?: FrameOptions | undefined;
  /** so many more are in a frame */
  readonly onGiven?: (params: number) => void;
  readonly limits: { readonly snapshotParamsMax: number; readonly scanPerTurnMax: number };
}

/** SNAPSHOT frames of the params as they stand when each frame is made. Since a frame takes its place among the live
 *  updates at that moment, no value in it is older than an update that went before it. */
export function createSnapshotSource(options: SnapshotOptions): FrameSource {
  return new SnapshotSource(options);
}

/** For one frame. */
interface Collected {
  readonly params: ParamRecord[];
  sizeBytes: number;
}

/** Goes from page to page. A page that is wanted whole is a frame that others get as well; of the others what is wanted is
 *  collected. */
class SnapshotSource implements FrameSource {
  readonly #options: SnapshotOptions;
  readonly #wanted: Covered | undefined;
  readonly #bytesMax: number;
  readonly #pages: Iterator<SnapshotPage>;
  /** looked at next */
  #page: SnapshotPage | undefined;
  /** found, and not given yet */
  #found: readonly Place[] = [];
  #given = 0;
  #hasMade = false;

  constructor(options: SnapshotOptions) {
    const { table, pattern, frameBytesMax, header } = options;
    this.#options = options;
    this.#wanted = pattern === undefined ? undefined : { pattern, covers: matcherOf(pattern) };
    // Header, with a timestamp where there is one, type byte and count.
    this.#bytesMax = Math.min(paramBytesMax, frameBytesMax - (header ? 15 : 7));
    const isOne = pattern !== undefined && isExact(pattern);
    this.#pages = (isOne ? [] : table.pages)[Symbol.iterator]();
    const place = isOne ? table.placeOf(pattern) : undefined;
    if (place) this.#found = [place];
  }

  next(): SharedFrame | 'later' | undefined {
    const { table, limits, evenIfEmpty, mayRead } = this.#options;
    const collected: Collected = { params: [], sizeBytes: 0 };
    const { params } = collected;
    for (let looks = 0; ;) {
      if (!this.#collect(collected)) return this.#frameOf(collected);
      const page = (this.#page ??= this.#nextPage());
      if (!page) {
        const isWanted = params.length > 0 || (evenIfEmpty && !this.#hasMade);
        return isWanted ? this.#frameOf(collected) : undefined;
      }
      const cost = mayRead || (this.#wanted && !page.knows(this.#wanted)) ? page.places.size : 1;
      if (looks > 0 && looks + cost > limits.scanPerTurnMax)
        return params.length > 0 ? this.#frameOf(collected) : 'later';
      looks += cost;
      table.pages.fit(page);
      const covered = this.#wanted ? page.coveredBy(this.#wanted) : 'all';
      const isWhole = covered === 'all' && !mayRead && page.sizeBytes <= this.#bytesMax && page.places.size > 0;
      // As it stands when its own turn has come.
      if (isWhole && params.length > 0) return this.#frameOf(collected);
      this.#page = undefined;
      if (isWhole) return this.#frameOfAll(page);
      const found = covered === 'all' ? [...page.places] : covered;
      this.#found = mayRead ? found.filter(({ address }) => mayRead(address)) : found;
      this.#given = 0;
    }
  }

  #nextPage(): SnapshotPage | undefined {
    const next = this.#pages.next();
    return next.done ? undefined : next.value;
  }

  /** Adds what was found and is still there. @returns false when the frame is full before */
  #collect(collected: Collected): boolean {
    const { params } = collected;
    for (; this.#given < this.#found.length; this.#given++) {
      const record = this.#found[this.#given]?.record;
      if (!record) continue;
      const sizeBytes = collected.sizeBytes + record.sizeBytes;
      const isFull = sizeBytes > this.#bytesMax || params.length === this.#options.limits.snapshotParamsMax;
      if (isFull && params.length > 0) return false;
      params.push(record);
      collected.sizeBytes = sizeBytes;
    }
    return true;
  }

  #frameOfAll(page: SnapshotPage): SharedFrame {
    const { table, header, onGiven } = this.#options;
    if (header) return this.#frameOf({ params: [], encoded: table.pages.encodedOf(page) });
    this.#hasMade = true;
    onGiven?.(page.places.size);
    return table.pages.frameOf(page);
  }

  #frameOf({ params, encoded }: Pick<SnapshotMessage, 'params' | 'encoded'>): SharedFrame {
    const { header, onGiven } = this.#options;
    this.#hasMade = true;
    onGiven?.(params.length + (encoded?.count ?? 0));
    return new SharedFrame({ type: messageType.snapshot, params, ...(encoded && { encoded }) }, header);
  }
}
