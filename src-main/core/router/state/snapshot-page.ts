import type { Address, Pattern } from '../../../contract/address.ts';
import { changeParams, encodeParams, type ParamChange } from '../../protocol/encoded-params.ts';
import { messageType, type EncodedParams } from '../../protocol/messages.ts';
import type { ParamRecord } from './param-write.ts';
import { SharedFrame } from '../delivery/shared-frame.ts';

/** Where one param stands, as long as it is there. */
export interface Place {
  readonly address: Address;
  /** as it is now; undefined when it has gone */
  record: ParamRecord | undefined;
  /** changes when it moves */
  page: SnapshotPage;
  /** since its page was encoded */
  hasChanged: boolean;
}

/** What a subscription is to get, by who asks for it. */
export interface Covered {
  readonly pattern: Pattern;
  readonly covers: (address: Address) => boolean;
}

/** patterns whose answers are remembered for a page; then the memory starts afresh */
const rememberedMax = 4;

/** Params that travel in one SNAPSHOT frame. It is encoded when somebody wants it; after a write only what was written is
 *  encoded again, and while nothing is written everyone gets the same bytes. */
export class SnapshotPage {
  readonly places = new Set<Place>();
  /** of all params as the wire carries them */
  sizeBytes = 0;
  #encoded: EncodedParams | undefined;
  #frame: SharedFrame | undefined;
  /** nothing was written since it was encoded */
  #isFresh = false;
  /** its params are others, or have other sizes, than those that were encoded */
  #isReshaped = false;
  readonly #covered = new Map<Pattern, readonly Place[] | 'all'>();

  /** Takes a place that no page has. */
  add(place: Place): void {
    place.page = this;
    this.places.add(place);
    this.#reshape(place.record?.sizeBytes ?? 0);
  }

  remove(place: Place): void {
    this.places.delete(place);
    this.#reshape(-(place.record?.sizeBytes ?? 0));
  }

  /** What stands at one of its places is another now. */
  set(place: Place, record: ParamRecord): void {
    const growth = record.sizeBytes - (place.record?.sizeBytes ?? 0);
    place.record = record;
    place.hasChanged = true;
    this.#isFresh = false;
    if (growth === 0) return;
    this.sizeBytes += growth;
    this.#isReshaped = true;
  }

  /** The places that a pattern covers, or that it covers them all. */
  coveredBy({ pattern, covers }: Covered): readonly Place[] | 'all' {
    const known = this.#covered.get(pattern);
    if (known !== undefined) return known;
    const found = [...this.places].filter(({ address }) => covers(address));
    const covered = found.length === this.places.size ? 'all' : found;
    if (this.#covered.size >= rememberedMax) this.#covered.clear();
    this.#covered.set(pattern, covered);
    return covered;
  }

  /** Whether `coveredBy` need not look at each of them. */
  knows({ pattern }: Covered): boolean {
    return this.#covered.has(pattern);
  }

  /** bytes kept for who wants them next */
  get keptBytes(): number {
    return this.#encoded === undefined ? 0 : this.#encoded.bytes.length;
  }

  /** Forgets what was encoded. */
  release(): void {
    this.#encoded = undefined;
    this.#frame = undefined;
    this.#isFresh = false;
  }

  /** All params as they stand. */
  encoded(): EncodedParams {
    const before = this.#encoded;
    if (before && this.#isFresh) return before;
    const isPatch = before !== undefined && !this.#isReshaped;
    const encoded = isPatch ? changeParams(before, this.#changes()) : encodeParams(this.#records());
    for (const place of this.places) place.hasChanged = false;
    this.#frame = undefined;
    this.#isReshaped = false;
    this.#isFresh = true;
    return (this.#encoded = encoded);
  }

  /** The same in the frame that all get who need none of their own. */
  frame(): SharedFrame {
    const encoded = this.encoded();
    if (this.#frame) return this.#frame;
    const frame = new SharedFrame({ type: messageType.snapshot, params: [], encoded }).keep();
    // One copy is enough.
    this.#encoded = { count: encoded.count, bytes: frame.bytes.subarray(frame.size - encoded.bytes.length) };
    return (this.#frame = frame);
  }

  #reshape(growth: number): void {
    this.sizeBytes += growth;
    this.#isFresh = false;
    this.#isReshaped = true;
    this.#covered.clear();
  }

  *#records(): Generator<ParamRecord, undefined> {
    for (const { record } of this.places) if (record) yield record;
    return undefined;
  }

  *#changes(): Generator<ParamChange, undefined> {
    let at = 0;
    for (const { record, hasChanged } of this.places) {
      if (!record) continue;
      if (hasChanged) yield { at, param: record };
      at += record.sizeBytes;
    }
    return undefined;
  }
}
