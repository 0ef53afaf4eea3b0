import type { Address } from '../contract/address.ts';
import type { Cancel } from '../contract/message-link.ts';
import type { Signal } from '../contract/signal.ts';
import { micros, millis, millisToMicros, type Micros, type Millis } from '../contract/units.ts';
import { NewestMap } from '../core/bounds/newest-map.ts';
import type { Clock } from '../ports/clock.ts';
import type { SentRates } from './sent-rates.ts';

/** Signals of one address in a second that could be going round. A circle over a network is far faster, a hand far slower. */
export const suspectFrom = 100;
/** So many are not waited for until the second is over: a circle within this machine would run into the limit of its bridge
 *  (`publish-limit.ts`), and die there without a word of where it went round. */
export const suspectAtOnceFrom = 2000;
/** How long such an address is held back, to see whether it comes by itself. */
export const trialFor = millis(150);
/** What is on its way when a trial begins. */
const underWayFor = millis(50);
/** How long after a trial a circle has to be going again. */
const relapseFor = millis(300);
/** How long an address that goes round is cut. */
export const cutFor = millis(10_000);
/** How long one that comes by itself is not suspected any more; each time twice as long, up to an hour. */
const clearedFor = millis(60_000);
const clearedForMax = millis(3_600_000);
const second = millis(1000);
const addressesMax = 1024;
const heldMax = 2048;

interface Suspect {
  /** signals in the second before */
  readonly rate: number;
  /** came since it was looked at last */
  seen: number;
  held: Signal[];
}

interface Trial {
  phase: 'holding' | 'released';
  readonly suspects: Map<Address, Suspect>;
}

/** Finds signals that go round: out to a device, by this bridge or another way, from there back in, and by a mapping out again. What a hand, a sensor or a
 *  device that answers sends keeps coming while it is held back; what goes round dies away, and begins again when it is let
 *  through. Nothing is lost by a trial but older values of a param. */
export class LoopGuard {
  readonly #clock: Clock;
  readonly #pass: (batch: readonly Signal[]) => void;
  readonly #sentRates: Pick<SentRates, 'busiest'>;
  /** of the second that runs */
  readonly #counts = new Map<Address, number>();
  #out = 0;
  #windowEnds = micros(0);
  readonly #cleared = new NewestMap<Address, { readonly until: Micros; readonly lasts: Millis }>(addressesMax);
  readonly #cut = new NewestMap<Address, Micros>(addressesMax);
  #trial: Trial | undefined;
  #cancel: Cancel | undefined;
  #cutTotal = 0;
  #last: { readonly address: Address; readonly rate: number; readonly at: Micros } | undefined;

  /** @param pass takes what was held back
   *  @param sentRates of all that leaves this machine: a circle may lead in by one bridge and out by another, or by a gateway */
  constructor(clock: Clock, pass: (batch: readonly Signal[]) => void, sentRates: Pick<SentRates, 'busiest'>) {
    this.#clock = clock;
    this.#pass = pass;
    this.#sentRates = sentRates;
  }

  /** signals cut off */
  get cutTotal(): number {
    return this.#cutTotal;
  }

  /** what goes round, as a sentence; undefined while nothing was cut of late */
  get trouble(): string | undefined {
    const last = this.#last;
    if (!last || this.#clock.nowMicros() - last.at > 2 * millisToMicros(cutFor)) return undefined;
    const what = `Signals went round through this device at ${last.address}, ${last.rate} a second: Flyrail cuts them off.`;
    return `${what} Look for a mapping that sends back what the device sends.`;
  }

  /** What the device brings. @returns what passes now */
  incoming(batch: readonly Signal[]): readonly Signal[] {
    const now = this.#clock.nowMicros();
    if (now >= this.#windowEnds) this.#beginWindow(now);
    const isRushing = batch.map(({ address }) => this.#count(address)).includes(suspectAtOnceFrom);
    if (isRushing && !this.#trial) this.#suspect(now);
    if (!this.#trial && this.#cut.size === 0) return batch;
    return batch.filter((signal) => this.#take(signal, now));
  }

  /** @param count of signals that the device was sent */
  outgoing(count: number): void {
    this.#out += count;
  }

  /** What is held back does not follow any more. */
  stop(): void {
    this.#cancel?.();
    this.#trial = undefined;
  }

  #beginWindow(now: Micros): void {
    if (!this.#trial) this.#suspect(now);
    this.#counts.clear();
    this.#out = 0;
    this.#windowEnds = micros(now + millisToMicros(second));
  }

  /** @returns how many of it came in this second; 0 where too many others do */
  #count(address: Address): number {
    const count = (this.#counts.get(address) ?? 0) + 1;
    if (count === 1 && this.#counts.size >= addressesMax) return 0;
    this.#counts.set(address, count);
    return count;
  }

  #suspect(now: Micros): void {
    const suspects = new Map<Address, Suspect>();
    const out = Math.max(this.#out, this.#sentRates.busiest);
    for (const [address, rate] of this.#counts) {
      const isKnown = this.#cut.has(address) || (this.#cleared.get(address)?.until ?? 0) > now;
      if (!isKnown && rate >= suspectFrom && out >= rate / 2) suspects.set(address, { rate, seen: 0, held: [] });
    }
    if (suspects.size === 0) return;
    this.#trial = { phase: 'holding', suspects };
    this.#after(underWayFor, () => {
      for (const suspect of suspects.values()) suspect.seen = 0;
      this.#after(millis(trialFor - underWayFor), () => this.#release());
    });
  }

  /** What came by itself meanwhile is cleared; the others have to relapse. */
  #release(): void {
    const suspects = this.#trial?.suspects ?? new Map<Address, Suspect>();
    const held = [...suspects.values()].flatMap((suspect) => suspect.held);
    for (const [address, suspect] of suspects) {
      if (suspect.seen > expected(suspect, trialFor - underWayFor) / 5) {
        this.#clear(address);
        suspects.delete(address);
      }
      suspect.seen = 0;
      suspect.held = [];
    }
    this.#trial = suspects.size > 0 ? { phase: 'released', suspects } : undefined;
    if (this.#trial) this.#after(relapseFor, () => this.#judge());
    if (held.length > 0) this.#pass(held);
  }

  #judge(): void {
    const at = this.#clock.nowMicros();
    for (const [address, suspect] of this.#trial?.suspects ?? []) {
      if (suspect.seen < expected(suspect, relapseFor) / 2) continue;
      this.#cut.set(address, at);
      this.#last = { address, rate: suspect.rate, at };
    }
    this.#trial = undefined;
  }

  #clear(address: Address): void {
    const before = this.#cleared.get(address)?.lasts;
    const lasts = before === undefined ? clearedFor : millis(Math.min(before * 2, clearedForMax));
    this.#cleared.set(address, { until: micros(this.#clock.nowMicros() + millisToMicros(lasts)), lasts });
  }

  /** @returns whether it goes on now */
  #take(signal: Signal, now: Micros): boolean {
    if (this.#isCut(signal.address, now)) {
      this.#cutTotal++;
      return false;
    }
    const suspect = this.#trial?.suspects.get(signal.address);
    if (!suspect) return true;
    suspect.seen++;
    if (this.#trial?.phase !== 'holding') return true;
    if (signal.kind === 'param' || suspect.held.length >= heldMax) suspect.held.length = 0;
    suspect.held.push(signal);
    return false;
  }

  #isCut(address: Address, now: Micros): boolean {
    const since = this.#cut.get(address);
    if (since === undefined) return false;
    if (now - since < millisToMicros(cutFor)) return true;
    this.#cut.delete(address);
    return false;
  }

  #after(delay: Millis, run: () => void): void {
    this.#cancel = this.#clock.after(delay, run);
  }
}

function expected({ rate }: Suspect, time: number): number {
  return (rate * time) / second;
}
