import { correlationOf } from '../protocol/correlation.ts';

interface Awaited<S> {
  readonly correlation: number;
  readonly subscription: S;
}

/** Which subscriptions wait for the past that they asked for. A router sends one past after the other, each with an ACK behind
 *  it; until then nothing that is live is for them, since what they are to hear first comes later. */
export class AwaitedPasts<S extends object> {
  #awaited: Awaited<S>[] = [];

  /** The one whose past comes now. */
  get first(): S | undefined {
    return this.#awaited[0]?.subscription;
  }

  get isEmpty(): boolean {
    return this.#awaited.length === 0;
  }

  /** @param askedWith in the header of its SUBSCRIBE */
  add(subscription: S, askedWith: bigint): void {
    this.#awaited.push({ correlation: correlationOf(askedWith), subscription });
  }

  has(subscription: S): boolean {
    return this.#awaited.some((awaited) => awaited.subscription === subscription);
  }

  /** The router has answered: it is whole, or there is none. @returns whose it is; undefined when nobody asked so */
  end(correlation: number): S | undefined {
    const at = this.#awaited.findIndex((awaited) => awaited.correlation === correlation);
    return at < 0 ? undefined : this.#awaited.splice(at, 1)[0]?.subscription;
  }

  /** The connection is gone. */
  clear(): void {
    this.#awaited = [];
  }
}
