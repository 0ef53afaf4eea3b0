import { isRefusal, planWrite, type ParamRecord, type ParamWrite } from './param-write.ts';
import { errorNumber, type Refusal } from './refusal.ts';

export interface TableLimits {
  readonly paramsMax: number;
  readonly paramBytesMax: number;
  /** for the process's own writes, beyond the two */
  readonly paramsReserved: number;
  readonly paramBytesReserved: number;
}

/** The state that late joiners get. Nothing is written before everything about it was checked.
 *  At its limits it refuses what is new rather than forgetting what is old: a show's values never vanish by themselves. */
export class ValueTable {
  readonly #records = new Map<string, ParamRecord>();
  readonly #limits: TableLimits;
  #sizeBytes = 0;

  constructor(limits: TableLimits) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#records.size;
  }

  get(address: string): ParamRecord | undefined {
    return this.#records.get(address);
  }

  /** Oldest first. May be read on while the table changes; what is new comes last. */
  records(): IterableIterator<ParamRecord> {
    return this.#records.values();
  }

  /** @returns the record as it now stands, or why nothing changed */
  write(write: ParamWrite): ParamRecord | Refusal {
    const current = this.#records.get(write.address);
    const record = planWrite(write, current);
    if (isRefusal(record)) return record;
    const sizeBytes = this.#sizeBytes + record.sizeBytes - (current?.sizeBytes ?? 0);
    if (!this.#fits(write, this.#records.size + (current ? 0 : 1), sizeBytes)) return this.#full(write);
    this.#records.set(record.address, record);
    this.#sizeBytes = sizeBytes;
    return record;
  }

  /** Applies all writes in their order, or none; each is judged against what those before it leave.
   *  @returns one record for each write, or why nothing changed */
  writeAll(writes: readonly ParamWrite[]): readonly ParamRecord[] | Refusal {
    const planned: ParamRecord[] = [];
    const latest = new Map<string, ParamRecord>();
    let sizeBytes = this.#sizeBytes;
    let size = this.#records.size;
    for (const write of writes) {
      const current = latest.get(write.address) ?? this.#records.get(write.address);
      const record = planWrite(write, current);
      if (isRefusal(record)) return record;
      sizeBytes += record.sizeBytes - (current?.sizeBytes ?? 0);
      if (!current) size++;
      if (!this.#fits(write, size, sizeBytes)) return this.#full(write);
      latest.set(write.address, record);
      planned.push(record);
    }
    for (const [address, record] of latest) this.#records.set(address, record);
    this.#sizeBytes = sizeBytes;
    return planned;
  }

  /** @param addresses what the holder may have locked; others' locks stay */
  releaseLocks(holder: string, addresses: Iterable<string>): void {
    for (const address of addresses) {
      const record = this.#records.get(address);
      if (record?.holder === holder) this.#records.set(address, { ...record, holder: undefined });
    }
  }

  /** What does not grow always fits, also when the reserve is in use. */
  #fits({ isOwn = false }: ParamWrite, size: number, sizeBytes: number): boolean {
    const { paramsMax, paramBytesMax, paramsReserved, paramBytesReserved } = this.#limits;
    const sizeMax = isOwn ? paramsMax + paramsReserved : paramsMax;
    const bytesMax = isOwn ? paramBytesMax + paramBytesReserved : paramBytesMax;
    return size <= Math.max(sizeMax, this.#records.size) && sizeBytes <= Math.max(bytesMax, this.#sizeBytes);
  }

  #full({ address }: ParamWrite): Refusal {
    const { paramsMax, paramBytesMax } = this.#limits;
    const message = `The router holds at most ${paramsMax} params of ${paramBytesMax} bytes together.`;
    return { code: errorNumber.limitReached, message, address };
  }
}
