import type { EncodedParams } from '../../protocol/messages.ts';
import { paramBytesMax, type ParamRecord } from './param-write.ts';
import type { SharedFrame } from '../delivery/shared-frame.ts';
import { SnapshotPage, type Place } from './snapshot-page.ts';

export interface PageLimits {
  /** in one page, and so in one SNAPSHOT frame */
  readonly snapshotParamsMax: number;
  /** of all that is kept encoded; past it, it is encoded afresh as somebody wants it */
  readonly snapshotKeptBytesMax: number;
}

/** A page that holds less than this part of what it may is dissolved when it loses a param. */
const sparse = 1 / 8;

/** All params of the router in pages of one SNAPSHOT frame each, so that they are encoded once for all who join late.
 *  Whoever goes from page to page meets every param that stays, whatever is written, comes or goes meanwhile: a param moves
 *  to a later page only. */
export class SnapshotPages {
  readonly #limits: PageLimits;
  readonly #pages = new Set<SnapshotPage>();
  #last: SnapshotPage | undefined;
  #keptBytes = 0;

  constructor(limits: PageLimits) {
    this.#limits = limits;
  }

  /** May be read on while params come and go. */
  [Symbol.iterator](): IterableIterator<SnapshotPage> {
    return this.#pages.values();
  }

  /** kept encoded */
  get keptBytes(): number {
    return this.#keptBytes;
  }

  /** A param has come. */
  add(record: ParamRecord): Place {
    const page = this.#roomFor(record);
    const place: Place = { address: record.address, record, page, hasChanged: true };
    page.add(place);
    return place;
  }

  /** What stands at a place is another now. */
  set(place: Place, record: ParamRecord): void {
    place.page.set(place, record);
  }

  /** A param has gone. */
  remove(place: Place): void {
    const { page } = place;
    page.remove(place);
    place.record = undefined;
    if (page !== this.#last && this.#isSparse(page)) this.#dissolve(page);
  }

  /** To be called before a page is looked at: what no longer fits into one frame goes to the end. */
  fit(page: SnapshotPage): void {
    if (page.sizeBytes <= paramBytesMax) return;
    for (const place of [...page.places].reverse()) {
      if (page.sizeBytes <= paramBytesMax || page.places.size === 1) return;
      this.#move(place);
    }
  }

  /** All params of a page that was fitted, in the frame that all get who need none of their own. */
  frameOf(page: SnapshotPage): SharedFrame {
    const before = page.keptBytes;
    const frame = page.frame();
    this.#count(page, before);
    return frame;
  }

  /** All params of a page that was fitted. */
  encodedOf(page: SnapshotPage): EncodedParams {
    const before = page.keptBytes;
    const encoded = page.encoded();
    this.#count(page, before);
    return encoded;
  }

  #count(page: SnapshotPage, before: number): void {
    this.#keptBytes += page.keptBytes - before;
    if (this.#keptBytes <= this.#limits.snapshotKeptBytesMax) return;
    for (const each of this.#pages) each.release();
    this.#keptBytes = 0;
  }

  #roomFor({ sizeBytes }: ParamRecord): SnapshotPage {
    const last = this.#last;
    const hasRoom =
      last !== undefined &&
      last.places.size < this.#limits.snapshotParamsMax &&
      last.sizeBytes + sizeBytes <= paramBytesMax;
    if (hasRoom) return last;
    const page = new SnapshotPage();
    this.#pages.add(page);
    return (this.#last = page);
  }

  #isSparse({ places, sizeBytes }: SnapshotPage): boolean {
    return places.size < this.#limits.snapshotParamsMax * sparse && sizeBytes < paramBytesMax * sparse;
  }

  #dissolve(page: SnapshotPage): void {
    this.#pages.delete(page);
    this.#keptBytes -= page.keptBytes;
    page.release();
    for (const place of page.places) this.#move(place);
  }

  #move(place: Place): void {
    const { record, page } = place;
    if (!record) return;
    page.remove(place);
    this.#roomFor(record).add(place);
  }
}
