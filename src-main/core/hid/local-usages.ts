const spansMax = 1024;

/** Usages that stand before one main item: single ones and spans, in their order.
 *  @see HID 1.11, 6.2.2.8 */
export class LocalUsages {
  readonly #spans: { readonly first: number; readonly last: number }[] = [];
  #minimum: number | undefined;
  #delimited = 0;

  /** @param bytes of the data: with four the page is in it */
  item(tag: number, data: number, bytes: number): void {
    // A usage that stands by itself is an id of the page that holds at the main item.
    const usage = bytes === 4 ? data : data % 65_536;
    const own = bytes === 4 ? 0 : pageLater;
    // Of usages between delimiters the first is the one that is meant.
    if (tag === 10) this.#delimited = data === 1 ? 1 : 0;
    else if (tag === 1) this.#minimum = usage + own;
    else if (tag === 0) this.#add(usage + own, usage + own);
    else if (tag === 2 && this.#minimum !== undefined) {
      this.#add(this.#minimum, usage + own);
      this.#minimum = undefined;
    }
  }

  /** @returns page × 65536 + usage; the last one stands for all behind it, 0 where there is none */
  at(index: number, page: number): number {
    let left = index;
    let found = 0;
    for (const { first, last } of this.#spans) {
      found = first + Math.min(left, last - first);
      if (left <= last - first) break;
      left -= last - first + 1;
    }
    if (found >= pageLater) return page * 65_536 + (found - pageLater);
    return found;
  }

  #add(first: number, last: number): void {
    if (this.#delimited > 1 || this.#spans.length >= spansMax || last < first) return;
    if (this.#delimited === 1) this.#delimited = 2;
    this.#spans.push({ first, last });
  }
}

/** Beyond every usage that has its page. */
const pageLater = 2 ** 40;
