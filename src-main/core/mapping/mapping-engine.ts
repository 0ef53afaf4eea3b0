import { matches, type Address, type Pattern } from '../../contract/address.ts';
import type { Micros } from '../../contract/units.ts';
import type { MappingProblem } from '../../contract/engine-api.ts';
import type { LiveMapping } from '../../contract/live-events.ts';
import type { Cancel } from '../../contract/message-link.ts';
import type { Mapping } from '../../contract/show.ts';
import type { Signal, Value } from '../../contract/signal.ts';
import { createChain, type Chain } from '../../contract/transforms.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Refusal } from '../router/requests/refusal.ts';
import type { ParamRecord } from '../router/state/param-write.ts';
import type { PassWatcher } from '../router/exchange.ts';
import type { ParamShelf } from '../router/router.ts';
import type { Defer } from '../router/delivery/turn.ts';
import { liveOf } from './live-report.ts';
import { createMappingCheck, type MappingCheck } from './check-mappings.ts';
import { bySource, sameInput, sameRoute, type CompiledMapping } from './compile-mapping.ts';
import {
  mappingHopsMax,
  mappingPassesMax,
  type MappingDelivery,
  type MappingSession,
  type Past,
} from './mapping-session.ts';
import { mapSignal, outgoingOf, valueToShow, type Outgoing, type Refusal as NotFinite } from './map-signal.ts';
import { StoppedMappings } from './stopped-mappings.ts';
import { createTakeOverRule } from './take-over-rule.ts';
import { TakeOver } from './take-over.ts';
import { TargetWriter, type Waiting } from './target-writer.ts';

export interface MappingEngine {
  /** Runs these mappings and no others. What an edit left as it was goes on undisturbed, thresholds remember.
   *  A mapping that is new, changed or switched on takes over the params its source has now, unless another mapping or
   *  a client has set its target since; it fires no events by that. The first load goes on where an earlier run ended.
   *  @returns why mappings do not run, in the order of the show */
  load(mappings: readonly Mapping[]): readonly MappingProblem[];
  /** The same, now: a mapping may have been stopped since. */
  problems(): readonly MappingProblem[];
  /** Runs nothing any more, and forgets who set which target: another show begins. */
  clear(): void;
  /** Which mapping was the last to send there; undefined when it was somebody else, or nobody. */
  senderTo(address: Address): string | undefined;
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
  /** had been through `mappingHopsMax` mappings, or had become `mappingPassesMax` signals */
  readonly refusedHops: number;
  /** the router did not take it: a locked target, a full table */
  readonly refusedByRouter: number;
}

export interface MappingEngineOptions {
  readonly session: MappingSession;
  /** as what the session stands as the writer of params */
  readonly name: string;
  readonly params: Pick<ParamShelf, 'get' | 'records' | 'watchUnlocks'>;
  /** hears of what the router passes on and does not keep */
  readonly watchPasses?: (run: PassWatcher) => void;
  readonly clock: Clock;
  readonly log: Log;
  readonly defer: Defer;
  /** shared with whoever else looks at the lists that are loaded */
  readonly check?: MappingCheck | undefined;
  /** one signal went through, or was refused */
  readonly onLive: (live: LiveMapping) => void;
  /** a mapping was stopped between two loads: see `problems` */
  readonly onProblem?: () => void;
  /** a refusal of the router in an operator's words */
  readonly describe?: (refusal: Refusal) => string;
}

interface Running extends CompiledMapping {
  readonly chain: Chain;
}

export function createMappingEngine(options: MappingEngineOptions): MappingEngine {
  return new RunningMappings(options);
}

class RunningMappings implements MappingEngine {
  readonly #options: MappingEngineOptions;
  readonly #subscriptions = new Map<Pattern, Cancel>();
  readonly #counts = { sent: 0, refusedNotFinite: 0, refusedAddress: 0, refusedHops: 0, refusedByRouter: 0 };
  readonly #check: MappingCheck;
  readonly #writer: TargetWriter;
  readonly #mayTake: ReturnType<typeof createTakeOverRule>;
  readonly #stopped: StoppedMappings;
  #problems: readonly MappingProblem[] = [];
  #running = new Map<string, Running>();
  #routes = new Map<Pattern, Running[]>();
  #takeOver: TakeOver<Running> | undefined;
  #isFirst = true;

  constructor(options: MappingEngineOptions) {
    this.#options = options;
    this.#check = options.check ?? createMappingCheck();
    this.#stopped = new StoppedMappings(options.log);
    this.#writer = new TargetWriter({ ...options, onUnlock: (target, waiting) => this.#resend(target, waiting) });
    const { params, name } = options;
    const { owners } = this.#writer;
    this.#mayTake = createTakeOverRule({ params, name, owners, leadsTo: (id, to) => this.#leadsTo(id, to) });
  }

  load(mappings: readonly Mapping[]): readonly MappingProblem[] {
    const { sound, problems } = this.#check(mappings);
    this.#problems = problems;
    const before = this.#running;
    const next = sound.map((compiled) => resume(compiled, before.get(compiled.mapping.id)));
    this.#run(next);
    this.#isFirst = !this.#takeOver || (this.#isFirst && this.#takeOver.unfinished.length > 0);
    const unfinished = new Set(this.#takeOver?.unfinished.map(({ mapping }) => mapping.id));
    const fresh = next.filter((each) => {
      const old = before.get(each.mapping.id);
      return !old || unfinished.has(each.mapping.id) || !sameRoute(old.mapping, each.mapping);
    });
    const gone = [...before.keys()].some((id) => !this.#running.has(id));
    // What was stopped may be harmless now: it runs again, from where its sources are by now.
    const released = gone || fresh.length > 0 ? this.#stopped.release() : [];
    const shown = new Set([...fresh, ...released.flatMap((id) => this.#running.get(id) ?? [])]);
    this.#takeOver?.cancel();
    this.#takeOver = this.#show([...shown], this.#isFirst ? 'start' : 'edit');
    return this.problems();
  }

  problems(): readonly MappingProblem[] {
    return [...this.#problems, ...this.#stopped.problems()];
  }

  clear(): void {
    this.load([]);
    this.#writer.forget();
  }

  senderTo(address: Address): string | undefined {
    const { params, name } = this.#options;
    const owner = this.#writer.owners.of(address);
    const record = params.get(address);
    return record && record.writer !== name && record.movedAt >= (owner?.movedAt ?? 0) ? undefined : owner?.mappingId;
  }

  counts(): MappingCounts {
    return { ...this.#counts };
  }

  stop(): void {
    this.#takeOver?.cancel();
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
      // What a timeline does comes as params; its keyframes and its state are no value for a target.
      if (signal.kind === 'timeline') continue;
      const spent = cause?.spent ?? { passes: 0 };
      const arrivedAt = cause?.arrivedAt ?? at;
      const past = { hops: cause?.hops ?? 0, arrivedAt, movedAt: cause?.movedAt ?? arrivedAt, spent };
      for (const each of this.#routes.get(pattern) ?? []) this.#pass(each, signal, past);
    }
  }

  #show(mappings: readonly Running[], takeOver: 'edit' | 'start'): TakeOver<Running> {
    const { params, defer } = this.#options;
    const pass = (each: Running, { address, value, movedAt }: ParamRecord): void =>
      this.#pass(each, { kind: 'param', address, value: value.value }, this.#unmoved(movedAt, takeOver));
    const shown = new TakeOver({ mappings, params, defer, pass });
    shown.run();
    return shown;
  }

  #pass(each: Running, signal: Signal, past: Past): void {
    const { id: mappingId, number } = each.mapping;
    if (this.#stopped.has(mappingId)) return;
    if (past.hops >= mappingHopsMax || ++past.spent.passes > mappingPassesMax) return this.#refuseFlood(each, past);
    const { clock, onLive, describe = messageOf } = this.#options;
    const to = outgoingOf(each, signal);
    // Judged first: what does not leave is nothing that thresholds remember.
    const result = to ? this.#make(each, { signal, to, past }) : 'no-address';
    const sent = typeof result === 'object' ? result : undefined;
    const refusal = sent && this.#writer.send({ mappingId, number, source: signal, sent, past });
    if (result !== undefined) this.#counts[refusal ? 'refusedByRouter' : countOf(result)]++;
    const refused = refusal ? describe(refusal) : null;
    const target = sent && !refusal ? valueToShow(sent) : this.#standing(to);
    const targetAddress = result === 'not-finite' ? undefined : to?.address;
    const { arrivedAt } = past;
    onLive(liveOf({ ...each, signal, targetAddress, target, refused, arrivedAt, now: clock.nowMicros() }));
  }

  /** @returns undefined when it may not leave */
  #make(
    each: Running,
    { signal, to, past }: { readonly signal: Signal; readonly to: Outgoing; readonly past: Past },
  ): Signal | NotFinite | undefined {
    return this.#mayLeave(each.mapping.id, to, past) ? mapSignal(each, signal, to) : undefined;
  }

  /** What the target has, if it is a param, when it did not get what it would have. */
  #standing(to: Outgoing | undefined): Value | null {
    return (to && this.#options.params.get(to.address)?.value.value) ?? null;
  }

  #mayLeave(mappingId: string, to: Outgoing, { movedAt, onlyTo, spent: { takeOver } }: Past): boolean {
    if (takeOver === undefined) return true;
    if (onlyTo !== undefined && onlyTo !== to.address) return false;
    return this.#mayTake({ mappingId, movedAt, to, isFirst: takeOver === 'start' });
  }

  #leadsTo(mappingId: string, target: Address): boolean {
    const each = this.#running.get(mappingId);
    return each !== undefined && matches(each.target.reach, target);
  }

  #resend(target: Address, { mappingId, source, passed, movedAt }: Waiting): void {
    const each = this.#running.get(mappingId);
    if (!each || !matches(each.source, source)) return;
    const param = passed ? undefined : this.#options.params.get(source);
    const signal: Signal | undefined =
      passed ?? (param && { kind: 'param', address: source, value: param.value.value });
    if (signal) this.#pass(each, signal, { ...this.#unmoved(param?.movedAt ?? movedAt, 'edit'), onlyTo: target });
  }

  /** Nobody has moved anything now. */
  #unmoved(movedAt: Micros, takeOver: 'edit' | 'start'): Past {
    return { hops: 0, arrivedAt: this.#options.clock.nowMicros(), movedAt, spent: { passes: 0, takeOver } };
  }

  #refuseFlood({ mapping }: Running, { hops }: Past): void {
    const { log, onProblem } = this.#options;
    this.#counts.refusedHops++;
    if (hops < mappingHopsMax) {
      this.#stopped.stop(mapping);
      onProblem?.();
    } else if (this.#counts.refusedHops === 1) {
      log.warn('a signal went through too many mappings', { mapping: mapping.number, hopsMax: mappingHopsMax });
    }
  }
}

/** Keeps what the steps remember when neither they nor the source have changed. */
function resume(compiled: CompiledMapping, before: Running | undefined): Running {
  const kept = before && sameInput(before.mapping, compiled.mapping);
  return { ...compiled, chain: kept ? before.chain : createChain(compiled.mapping.transforms) };
}

function messageOf({ message }: Refusal): string {
  return message;
}

function countOf(result: Signal | NotFinite | 'no-address'): keyof MappingCounts {
  if (result === 'not-finite') return 'refusedNotFinite';
  return result === 'no-address' ? 'refusedAddress' : 'sent';
}
