import type { Address } from '../../../contract/address.ts';
import type { ParamRecord } from '../state/param-write.ts';
import type { ValueTable } from '../state/value-table.ts';

/** The locks that one writer holds, kept in mind so that they can be released when it leaves. */
export class HeldLocks {
  readonly #holder: string;
  readonly #addresses = new Set<Address>();

  constructor(holder: string) {
    this.#holder = holder;
  }

  /** @param record as its writer has just left it */
  note(record: ParamRecord): void {
    if (record.holder === this.#holder) this.#addresses.add(record.address);
    else if (this.#addresses.size > 0) this.#addresses.delete(record.address);
  }

  /** @param isMeant of those that it holds; all without it */
  release(table: ValueTable, isMeant: (address: Address) => boolean = () => true): void {
    const addresses = [...this.#addresses].filter(isMeant);
    table.releaseLocks(this.#holder, addresses);
    for (const address of addresses) this.#addresses.delete(address);
  }
}
