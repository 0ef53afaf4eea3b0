import type { SignalKind, Value } from '../contract/signal.ts';
import type { Received } from '../core/client/received.ts';

/** Addresses that are counted apart; beyond, the one that was unheard for longest is forgotten. */
export const countedMax = 10_000;

/** What one address did. */
export interface TrafficRow {
  readonly address: string;
  readonly kind: SignalKind;
  readonly value: Value;
  /** messages per second since the last report */
  readonly rate: number;
}

export interface TrafficReport {
  /** since the beginning */
  readonly messages: number;
  /** messages per second since the last report, of all addresses together */
  readonly rate: number;
  readonly addresses: number;
  /** fastest first, then by address */
  readonly rows: readonly TrafficRow[];
}

interface Counted {
  kind: SignalKind;
  value: Value;
  count: number;
}

/** Counts messages by address. What was there before it began is known, but does not count. */
export class Traffic {
  readonly #counted = new Map<string, Counted>();
  #messages = 0;
  #count = 0;

  heard({ signal: { address, kind, value }, isSnapshot }: Received): void {
    const one = isSnapshot ? 0 : 1;
    const count = (this.#counted.get(address)?.count ?? 0) + one;
    this.#messages += one;
    this.#count += one;
    this.#counted.delete(address);
    this.#counted.set(address, { kind, value, count });
    const [longestUnheard] = this.#counted.keys();
    if (this.#counted.size > countedMax && longestUnheard !== undefined) this.#counted.delete(longestUnheard);
  }

  /** @param seconds since the last report, more than 0 */
  report(seconds: number): TrafficReport {
    const rows = [...this.#counted].map(([address, { kind, value, count }]) => ({
      address,
      kind,
      value,
      rate: count / seconds,
    }));
    const report = {
      messages: this.#messages,
      rate: this.#count / seconds,
      addresses: rows.length,
      rows: rows.sort((a, b) => b.rate - a.rate || (a.address < b.address ? -1 : 1)),
    };
    this.#count = 0;
    for (const counted of this.#counted.values()) counted.count = 0;
    return report;
  }
}
