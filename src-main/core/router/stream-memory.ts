import { matches, type Address, type Pattern } from '../../contract/address.ts';
import { f64, type Signal } from '../../contract/signal.ts';
import type { Micros } from '../../contract/units.ts';
import type { PublishMessage } from '../protocol/messages.ts';
import { WireValue } from '../protocol/wire-value.ts';
import type { Origin } from './delivery.ts';
import { SubscriptionIndex } from './subscription-index.ts';

/** Addresses remembered, and bytes of their values; beyond, the one that was heard of first is forgotten. */
export const rememberedMax = 20_000;
export const rememberedBytesMax = 4 * 1024 * 1024;

/** A signal with the time when the router accepted it. */
export interface TimedSignal {
  readonly signal: Signal;
  readonly at: Micros;
}

interface Level {
  readonly address: Address;
  readonly value: WireValue;
  readonly at: Micros;
  readonly from: string;
}

/** The newest level of each address that only streams carry, for outputs that come up and hear of it from nobody else:
 *  what participants in the process sent, and under the addresses asked for what clients sent. */
export class StreamMemory {
  readonly #levels = new Map<Address, Level>();
  #asked = askedFor([]);
  #isAsked = false;
  #sizeBytes = 0;

  /** From now on clients' streams to what these patterns cover are remembered too. */
  ask(patterns: readonly Pattern[]): void {
    this.#asked = askedFor(patterns);
    this.#isAsked = patterns.length > 0;
  }

  note({ value, samples }: PublishMessage, { address, at }: Pick<Level, 'address' | 'at'>, origin: Origin): void {
    if (!origin.fromLocal && !(this.#isAsked && this.#asked.targetsOf(address))) return;
    const last = samples?.at(-1);
    const level = value?.copy() ?? (last === undefined ? undefined : WireValue.of(f64(last)));
    if (!level) return;
    this.#sizeBytes += level.data.length - (this.#levels.get(address)?.value.data.length ?? 0);
    this.#levels.set(address, { address, value: level, at, from: origin.name });
    for (const [oldest] of this.#levels) {
      if (this.#levels.size <= rememberedMax && this.#sizeBytes <= rememberedBytesMax) break;
      this.#forget(oldest);
    }
  }

  /** @param notBy the participant whose own sending is left out */
  newest(pattern: Pattern, notBy: string): readonly TimedSignal[] {
    const levels = [...this.#levels.values()].filter(
      ({ address, from }) => from !== notBy && matches(pattern, address),
    );
    return levels.map(({ address, value, at }) => ({ signal: { kind: 'stream', address, value: value.value }, at }));
  }

  /** Another show begins. */
  clear(): void {
    this.#levels.clear();
    this.#sizeBytes = 0;
  }

  #forget(address: Address): void {
    this.#sizeBytes -= this.#levels.get(address)?.value.data.length ?? 0;
    this.#levels.delete(address);
  }
}

function askedFor(patterns: readonly Pattern[]): SubscriptionIndex<Pattern, boolean> {
  const index = new SubscriptionIndex<Pattern, boolean>(rememberedMax, (found) => found.length > 0);
  for (const pattern of patterns) index.add(pattern, pattern);
  return index;
}
