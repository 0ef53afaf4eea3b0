import type { Address } from '../../contract/address.ts';
import type { PackedEntries } from '../../ports/journal-store.ts';
import type { ParamRecord } from '../router/state/param-write.ts';
import type { ParamShelf, TimelineShelf } from '../router/router.ts';
import type { TimelineReport } from '../timeline/timeline-report.ts';
import type { EntryPacker } from './param-entries.ts';
import { packTimeline } from './timeline-entries.ts';

export interface ParamBatchOptions {
  /** those that have changed; what is packed is taken out */
  readonly changed: Set<Address>;
  readonly changedTimelines: ReadonlySet<Address>;
  readonly params: Pick<ParamShelf, 'get'>;
  readonly timelines: Pick<TimelineShelf, 'get'>;
  /** empty */
  readonly packer: EntryPacker;
}

/** Params and timelines on their way to the disk, as they stood when the batch began: what comes while it is packed comes
 *  whole with the next one. */
export class ParamBatch {
  readonly #options: ParamBatchOptions;
  /** as they stood, of those that changed since and are not packed yet */
  readonly #before = new Map<Address, ParamRecord | undefined>();
  readonly #packed: Address[] = [];
  readonly #reports: Map<Address, TimelineReport | undefined>;

  constructor(options: ParamBatchOptions) {
    this.#options = options;
    const { changedTimelines, timelines } = options;
    this.#reports = new Map([...changedTimelines].map((address) => [address, timelines.get(address)]));
  }

  /** A param has changed. @param before as it stood until then */
  note(address: Address, before: ParamRecord | undefined): void {
    if (this.#options.changed.has(address) && !this.#before.has(address)) this.#before.set(address, before);
  }

  /** A chunk is what one turn of the event loop has time for. @param nextTurn resolves in the next one */
  async pack(nextTurn: () => Promise<void>): Promise<readonly PackedEntries[]> {
    const chunks: PackedEntries[] = [];
    while (!this.#fill()) {
      chunks.push(...this.#taken());
      await nextTurn();
    }
    return [...chunks, ...this.#taken()];
  }

  /** It could not be written: what it had comes with the next one. */
  giveBack(changed: Set<Address>, changedTimelines: Set<Address>): void {
    this.#options.packer.take();
    for (const address of this.#packed) changed.add(address);
    for (const address of this.#options.changed) changed.add(address);
    for (const address of this.#options.changedTimelines) changedTimelines.add(address);
  }

  /** @returns false when the packer is full before all is packed */
  #fill(): boolean {
    const { changed, params, packer } = this.#options;
    for (const address of changed) {
      const param = this.#before.has(address) ? this.#before.get(address) : params.get(address);
      if (!packer.add(address, param)) return false;
      changed.delete(address);
      this.#packed.push(address);
    }
    for (const [address, report] of this.#reports) {
      if (!packTimeline(packer, address, report)) return false;
      this.#reports.delete(address);
    }
    return true;
  }

  #taken(): readonly PackedEntries[] {
    const packed = this.#options.packer.take();
    return packed ? [packed] : [];
  }
}
