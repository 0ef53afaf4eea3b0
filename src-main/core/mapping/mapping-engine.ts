import type { Address, Pattern } from '../../contract/address.ts';
import type { LiveMapping, MappingProblem } from '../../contract/engine-api.ts';
import type { Cancel } from '../../contract/message-link.ts';
import type { Mapping } from '../../contract/show.ts';
import type { Signal } from '../../contract/signal.ts';
import { createChain, type Chain } from '../../contract/transforms.ts';
import { micros, microsToMillis, type Micros } from '../../contract/units.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import { sameInput, sameRoute, type CompiledMapping } from './compile-mapping.ts';
import { mapSignal, valueToShow, type Refusal } from './map-signal.ts';
import { createMappingCheck } from './check-mappings.ts';

/** How many mappings one signal goes through, one after the other. Circles are found before they run; this is the net
 *  below, far longer than any chain an operator makes. */
export const mappingHopsMax = 64;

export interface MappingEngine {
  /** Runs these mappings and no others. What an edit left as it was goes on undisturbed, thresholds remember.
   *  A mapping that is new, changed or switched on takes over the params its source has now. The first load goes on where
   *  an earlier run ended: a target that was written after its source keeps its value, and nothing but params is sent.
   *  @returns why mappings do not run, in the order of the show */
  load(mappings: readonly Mapping[]): readonly MappingProblem[];
  counts(): MappingCounts;
  /** Lets go of all subscriptions; a later load begins anew. */
  stop(): void;
}

/** Signals since the engine was made. */
export interface MappingCounts {
  readonly sent: number;
  /** a number was or became NaN or infinite */
  readonly refusedNotFinite: number;
  /** what the wildcards caught makes no address */
  readonly refusedAddress: number;
  /** had been through `mappingHopsMax` mappings */
  readonly refusedHops: number;
}

export interface MappingCause {
  readonly because: string;
  readonly hops: number;
  /** when the first signal of this chain of causes reached the router */
  readonly arrivedAt: Micros;
  readonly mappingId?: string;
}

/** What mappings need of the router: all signals, also those that this session published. */
export interface MappingSession {
  publish(signals: readonly Signal[], cause: MappingCause): void;
  subscribe(pattern: Pattern, run: (deliveries: readonly MappingDelivery[]) => void): Cancel;
}
export interface MappingDelivery {
  readonly signal: Signal;
  readonly at: Micros;
  readonly cause?: MappingCause;
}

export interface MappingEngineOptions {
  readonly session: MappingSession;
  readonly clock: Clock;
  readonly log: Log;
  /** one signal went through, or was refused */
  readonly onLive: (live: LiveMapping) => void;
  /** the params that a pattern covers as they stand now */
  readonly current?: (pattern: Pattern) => readonly Signal[];
  /** when a param was last written, also in an earlier run */
  readonly writtenAt?: (address: Address) => Micros | undefined;
}

interface Running extends CompiledMapping {
  readonly chain: Chain;
}

export function createMappingEngine(options: MappingEngineOptions): MappingEngine {
  const engine = new RunningMappings(options);
  return {
    load: (mappings) => engine.load(mappings),
    counts: () => engine.counts(),
    stop: () => engine.stop(),
  };
}

class RunningMappings implements MappingEngine {
  readonly #options: MappingEngineOptions;
  readonly #subscriptions = new Map<Pattern, Cancel>();
  readonly #counts = { sent: 0, refusedNotFinite: 0, refusedAddress: 0, refusedHops: 0 };
  readonly #check = createMappingCheck();
  #running = new Map<string, Running>();
  #routes = new Map<Pattern, Running[]>();
  #goesOn = true;

  constructor(options: MappingEngineOptions) {
    this.#options = options;
  }

  load(mappings: readonly Mapping[]): readonly MappingProblem[] {
    const { sound, problems } = this.#check(mappings);
    const before = this.#running;
    const next = sound.map((compiled) => resume(compiled, before.get(compiled.mapping.id)));
    this.#run(next);
    for (const each of next) {
      const old = before.get(each.mapping.id);
      if (!old || !sameRoute(old.mapping, each.mapping)) this.#takeOver(each);
    }
    this.#goesOn = false;
    return problems;
  }

  counts(): MappingCounts {
    return { ...this.#counts };
  }

  stop(): void {
    this.#run([]);
  }

  #run(next: readonly Running[]): void {
    this.#running = new Map(next.map((each) => [each.mapping.id, each]));
    this.#routes = bySource(next);
    for (const [pattern, cancel] of this.#subscriptions) {
      if (this.#routes.has(pattern)) continue;
      this.#subscriptions.delete(pattern);
      cancel();
    }
    for (const pattern of this.#routes.keys()) {
      if (this.#subscriptions.has(pattern)) continue;
      const cancel = this.#options.session.subscribe(pattern, (batch) => this.#receive(pattern, batch));
      this.#subscriptions.set(pattern, cancel);
    }
  }

  #receive(pattern: Pattern, batch: readonly MappingDelivery[]): void {
    for (const { signal, at, cause } of batch) {
      const past = { hops: cause?.hops ?? 0, arrivedAt: cause?.arrivedAt ?? at };
      for (const each of this.#routes.get(pattern) ?? []) this.#pass(each, signal, past);
    }
  }

  #takeOver(each: Running): void {
    const past = { hops: 0, arrivedAt: this.#options.clock.nowMicros() };
    for (const signal of this.#options.current?.(each.source) ?? []) this.#pass(each, signal, past);
  }

  /** Whether an earlier run has sent this already, or something newer to the same place. */
  #isBehindUs(source: Address, sent: Signal): boolean {
    if (!this.#goesOn) return false;
    if (sent.kind !== 'param') return true;
    const { writtenAt } = this.#options;
    return (writtenAt?.(sent.address) ?? -1) >= (writtenAt?.(source) ?? 0);
  }

  #pass(each: Running, signal: Signal, past: Past): void {
    const { session, clock, onLive, log } = this.#options;
    const { id: mappingId, number } = each.mapping;
    if (past.hops >= mappingHopsMax) {
      if (this.#counts.refusedHops++ === 0)
        log.warn('a signal went through too many mappings', { mapping: number, hopsMax: mappingHopsMax });
      return;
    }
    const result = mapSignal(each, each.chain, signal);
    const sent = typeof result === 'string' ? undefined : result;
    if (sent && !this.#isBehindUs(signal.address, sent))
      session.publish([sent], { because: `set ${number}`, hops: past.hops + 1, arrivedAt: past.arrivedAt, mappingId });
    this.#counts[countOf(result)]++;
    onLive(liveOf({ each, signal, sent, arrivedAt: past.arrivedAt, now: clock.nowMicros() }));
  }
}

/** How far a signal has come before it meets a mapping. */
type Past = Pick<MappingCause, 'hops' | 'arrivedAt'>;

/** Keeps what the steps remember when neither they nor the source have changed. */
function resume(compiled: CompiledMapping, before: Running | undefined): Running {
  const kept = before && sameInput(before.mapping, compiled.mapping);
  return { ...compiled, chain: kept ? before.chain : createChain(compiled.mapping.transforms) };
}

function bySource(all: readonly Running[]): Map<Pattern, Running[]> {
  const routes = new Map<Pattern, Running[]>();
  for (const each of all) {
    const sharing = routes.get(each.source);
    if (sharing) sharing.push(each);
    else routes.set(each.source, [each]);
  }
  return routes;
}

function countOf(result: Signal | Refusal): keyof MappingCounts {
  if (result === 'not-finite') return 'refusedNotFinite';
  return result === 'no-address' ? 'refusedAddress' : 'sent';
}

interface Passed {
  readonly each: Running;
  readonly signal: Signal;
  readonly sent: Signal | undefined;
  readonly arrivedAt: Micros;
  readonly now: Micros;
}

function liveOf({ each, signal, sent, arrivedAt, now }: Passed): LiveMapping {
  return {
    mappingId: each.mapping.id,
    source: valueToShow(signal),
    target: sent ? valueToShow(sent) : null,
    sourceAddress: signal.address,
    targetAddress: sent?.address ?? null,
    kind: signal.kind,
    at: microsToMillis(now),
    count: 1,
    latencyMicros: micros(Math.max(0, now - arrivedAt)),
  };
}
