import { matcherOf, type Address, type Pattern } from '../../../contract/address.ts';
import { f64, type Signal } from '../../../contract/signal.ts';
import type { Micros } from '../../../contract/units.ts';
import type { PublishMessage } from '../../protocol/messages.ts';
import { WireValue } from '../../protocol/wire-value.ts';
import type { Origin } from '../delivery/delivery.ts';
import { SubscriptionIndex } from '../subscriptions/subscription-index.ts';

/** Addresses remembered of participants in the process, and as many of clients; bytes of their values likewise. Beyond, a
 *  tenth of those that have been still the longest is forgotten. */
export const rememberedMax = 10_000;
export const rememberedBytesMax = 2 * 1024 * 1024;
/** of one value: a whole universe as numbers fits */
export const levelBytesMax = 8192;

/** A signal with the time when somebody moved what it comes of. */
export interface TimedSignal {
  readonly signal: Signal;
  readonly at: Micros;
}

/** Where a stream came, from whom and when. */
export interface Streamed {
  readonly address: Address;
  readonly origin: Origin;
  readonly at: Micros;
}

interface Level {
  readonly address: Address;
  readonly value: WireValue;
  readonly at: Micros;
  readonly from: string;
}

/** The newest level of each address that only a stream carries, for outputs that come up and hear of it from nobody else:
 *  what participants in the process sent, and under the addresses asked for what clients sent. */
export class StreamMemory {
  readonly #own = new Levels();
  /** apart, so that however much clients send no lamp of the show is forgotten for it */
  readonly #clients = new Levels();
  #asked = askedFor([]);
  #isAsked = false;

  /** From now on clients' streams to what these patterns cover are remembered too. */
  ask(patterns: readonly Pattern[]): void {
    this.#asked = askedFor(patterns);
    this.#isAsked = patterns.length > 0;
  }

  note({ value, samples }: PublishMessage, { address, origin, at }: Streamed): void {
    this.forget(address);
    if (!origin.fromLocal && !(this.#isAsked && this.#asked.targetsOf(address))) return;
    const last = samples?.at(-1);
    const level = value?.copy() ?? (last === undefined ? undefined : WireValue.of(f64(last)));
    if (!level || level.size > levelBytesMax) return;
    // A level counts from when somebody moved what it comes of.
    const movedAt = origin.cause?.movedAt ?? at;
    (origin.fromLocal ? this.#own : this.#clients).set({ address, value: level, at: movedAt, from: origin.name });
  }

  /** Something else than a stream was sent there, or what was streamed is of no use any more. */
  forget(address: Address): void {
    this.#own.delete(address);
    this.#clients.delete(address);
  }

  /** @param notBy the participant whose own sending is left out */
  newest(pattern: Pattern, notBy: string): readonly TimedSignal[] {
    const covers = matcherOf(pattern);
    const found: TimedSignal[] = [];
    for (const levels of [this.#own, this.#clients]) {
      for (const { address, value, at, from } of levels.all()) {
        // What is decoded is not kept with the value: it can take many times its bytes.
        if (from !== notBy && covers(address))
          found.push({ signal: { kind: 'stream', address, value: value.copy().value }, at });
      }
    }
    return found;
  }

  /** Who sent the newest level of an address that only streams carry, and when it was moved. */
  senderOf(address: Address): { readonly from: string; readonly at: Micros } | undefined {
    return this.#own.get(address) ?? this.#clients.get(address);
  }

  /** Another show begins. */
  clear(): void {
    this.#own.clear();
    this.#clients.clear();
  }
}

/** Levels by address, those that were set last come last. */
class Levels {
  readonly #levels = new Map<Address, Level>();
  #sizeBytes = 0;

  set(level: Level): void {
    this.delete(level.address);
    this.#levels.set(level.address, level);
    this.#sizeBytes += level.value.size;
    if (this.#levels.size > rememberedMax || this.#sizeBytes > rememberedBytesMax) this.#forgetSome();
  }

  delete(address: Address): void {
    if (this.#levels.size === 0) return;
    const level = this.#levels.get(address);
    if (!level) return;
    this.#levels.delete(address);
    this.#sizeBytes -= level.value.size;
  }

  get(address: Address): Level | undefined {
    return this.#levels.get(address);
  }

  all(): IterableIterator<Level> {
    return this.#levels.values();
  }

  clear(): void {
    this.#levels.clear();
    this.#sizeBytes = 0;
  }

  /** Many at once: looking for the oldest costs more the more were forgotten before it. */
  #forgetSome(): void {
    const [countMax, bytesMax] = [rememberedMax * 0.9, rememberedBytesMax * 0.9];
    for (const [oldest] of this.#levels) {
      if (this.#levels.size <= countMax && this.#sizeBytes <= bytesMax) return;
      this.delete(oldest);
    }
  }
}

function askedFor(patterns: readonly Pattern[]): SubscriptionIndex<Pattern, boolean> {
  const index = new SubscriptionIndex<Pattern, boolean>(rememberedMax, (found) => found.length > 0);
  for (const pattern of patterns) index.add(pattern, pattern);
  return index;
}
