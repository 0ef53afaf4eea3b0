import type { Address } from '../../../contract/address.ts';
import type { Cancel } from '../../../contract/message-link.ts';
import type { Value } from '../../../contract/signal.ts';
import type { Hertz } from '../../../contract/units.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { Log } from '../../../ports/log.ts';
import type { PublishMessage } from '../../protocol/messages.ts';
import { WireValue } from '../../protocol/wire-value.ts';
import { decodeTimelineRequest, type TimelineRequest } from '../../timeline/timeline-carrier.ts';
import { encodeTimelineCommand } from '../../timeline/timeline-command.ts';
import { TimelineEngine } from '../../timeline/timeline-engine.ts';
import { encodeTimelineReport, type KeptTimeline, type TimelineReport } from '../../timeline/timeline-report.ts';
import type { RouterCounters } from '../counters.ts';
import type { Origin } from '../delivery/delivery.ts';
import type { Exchange } from '../exchange.ts';
import { timelineLimitsOf, type RouterLimits } from '../limits.ts';
import type { LocalQueue } from '../delivery/local-queue.ts';
import { isRefusal, lockedBy } from './param-write.ts';
import { refusalOfTimeline, type Refusal } from '../requests/refusal.ts';
import { ClientShares } from './client-shares.ts';
import { OverloadNotice } from './overload-notice.ts';
import { publishOf } from './signal-message.ts';

/** A PUBLISH of kind timeline that can be passed on, and who sent it. */
export interface TimelinePublish {
  readonly message: PublishMessage;
  readonly address: Address;
  readonly origin: Origin;
}

/** The same once it is read. */
export interface TimelineStep extends TimelinePublish {
  readonly request: TimelineRequest;
}

export interface TimelineStageOptions {
  readonly clock: Clock;
  readonly limits: RouterLimits;
  readonly counters: RouterCounters;
  readonly exchange: Exchange;
  readonly queue: LocalQueue;
  readonly log: Log;
  /** ticks a second where a timeline asks for none; 60 without it */
  readonly rate?: Hertz | undefined;
}

/** As what the router stands as the writer of params that timelines set. */
const writerName = 'timelines';

/** The router's timelines. What they set is written like anyone's params and tells everyone the same; since clients put them,
 *  what they set counts as clients' too: it stays when another show comes, and takes nothing of the reserve for mappings.
 *  They outlive the session that put them, as params do. */
export class TimelineStage {
  readonly #options: TimelineStageOptions;
  readonly #engine: TimelineEngine;
  /** who put or told each last: the timeline may set a param that is locked by that one */
  readonly #movedBy = new Map<Address, string>();
  readonly #shares = new ClientShares();
  #onChange: ((address: Address) => void) | undefined;
  readonly #origin: Origin = { name: writerName, owner: this, fromLocal: true, cause: undefined };

  constructor(options: TimelineStageOptions) {
    this.#options = options;
    const { clock, limits, queue, log, rate } = options;
    const notice = new OverloadNotice(clock, log);
    this.#engine = new TimelineEngine({
      clock,
      rate,
      limits: timelineLimitsOf(limits),
      write: (address, value) => this.#write(address, value),
      onState: (address, report) => this.#tell(address, report),
      onRan: () => queue.drain(),
      onOver: (owner, part) => notice.note(this.#shares.nameOf(owner), part),
    });
  }

  get size(): number {
    return this.#engine.size;
  }

  /** See `TimelineEngine.leftOutTotal`. */
  get leftOutTotal(): number {
    return this.#engine.leftOutTotal;
  }

  addresses(): Iterable<Address> {
    return this.#engine.addresses();
  }

  get(address: Address): TimelineReport | undefined {
    return this.#engine.get(address);
  }

  /** All of them as they stand now, in the order in which their addresses first came. */
  list(): readonly (readonly [Address, TimelineReport])[] {
    return this.#engine.list();
  }

  /** Does what a message asks for and passes it on as it came.
   *  @returns why not; then nothing has changed and nobody was told */
  take(publish: TimelinePublish): Refusal | undefined {
    const step = this.plan(publish);
    if (isRefusal(step)) return step;
    try {
      this.perform(step);
      return undefined;
    } catch (error) {
      return refusalOfTimeline(error, publish.address);
    }
  }

  /** Reads a message, and judges it as far as that goes without the timelines that are there. */
  plan(publish: TimelinePublish): TimelineStep | Refusal {
    const { message, address, origin } = publish;
    const holder = this.#holderOf(address);
    if (holder !== undefined && holder !== origin.name) {
      return lockedBy(holder, address);
    }
    try {
      const request = decodeTimelineRequest(message.value?.value);
      return this.#judge(request, address) ?? { ...publish, request };
    } catch (error) {
      return refusalOfTimeline(error, address);
    }
  }

  /** What was announced there holds for every keyframe. */
  #judge(request: TimelineRequest, address: Address): Refusal | undefined {
    const { rules } = this.#options.exchange;
    if (request.kind !== 'put' || rules.of(address).bounds === undefined) return undefined;
    for (const [i, { value }] of request.timeline.keyframes.entries()) {
      const refusal = rules.judge(address, value);
      if (refusal) return { ...refusal, message: `keyframes[${i}].value: ${refusal.message}` };
    }
    return undefined;
  }

  /** Judges all of them, one after the other, and does none. */
  check(steps: readonly TimelineStep[]): Refusal | undefined {
    if (steps.length === 0) return undefined;
    try {
      this.#engine.check(steps, this.#shares.of(steps[0]?.origin));
      return undefined;
    } catch (error) {
      return refusalOfTimeline(error, undefined);
    }
  }

  /** @throws AppError what cannot be done; nothing for what `check` let pass */
  perform({ message, address, origin, request }: TimelineStep): void {
    if (request.kind === 'put') {
      const { timeline, autoplay } = request;
      this.#engine.put(address, timeline, { autoplay, share: this.#shares.of(origin) });
    } else this.#engine.command(address, request.command);
    if (this.#engine.has(address)) this.#movedBy.set(address, origin.name);
    this.#onChange?.(address);
    this.#options.exchange.publish(message, address, origin);
  }

  /** Runs for each timeline that came, went, was told something or changed its state. One at a time; quick, and does not
   *  throw. */
  watch(run: (address: Address) => void): Cancel {
    this.#onChange = run;
    return () => (this.#onChange = undefined);
  }

  /** See `TimelineEngine.restore`. */
  restore(kept: Iterable<KeptTimeline>): number {
    return this.#engine.restore(kept);
  }

  /** Ends them all and says so; the params stay as they are. */
  clear(): void {
    const { exchange, queue } = this.#options;
    const value = encodeTimelineCommand({ command: 'remove' });
    for (const address of [...this.addresses()]) {
      this.#engine.remove(address);
      exchange.report(publishOf({ kind: 'timeline', address, value }), address, this.#origin);
    }
    queue.drain();
  }

  /** Ends them all without a word. */
  close(): void {
    this.#engine.clear();
  }

  #write(address: Address, value: Value): boolean {
    const refusal = this.#set(address, value);
    if (refusal) this.#options.counters.refuse(refusal.code);
    return !refusal;
  }

  #set(address: Address, value: Value): Refusal | undefined {
    const { clock, exchange } = this.#options;
    const holder = this.#holderOf(address);
    const writer = holder !== undefined && holder === this.#movedBy.get(address) ? holder : writerName;
    try {
      // A Bézier overshoots, and bounds may come while it plays: a lamp that stands at its bound is better than one that stops.
      const fitted = WireValue.of(exchange.rules.fit(address, value));
      const at = clock.nowMicros();
      const record = exchange.set({ address, value: fitted, writer, at, holdsNothing: true }, this.#origin);
      return isRefusal(record) ? record : undefined;
    } catch (error) {
      // Between two values that a frame can carry may lie one that it cannot: bytes and floats make doubles.
      return refusalOfTimeline(error, address);
    }
  }

  /** The keyframes are known to who hears this: they came when they were put, or with the subscription. */
  #tell(address: Address, report: TimelineReport | undefined): void {
    this.#onChange?.(address);
    if (!report) {
      this.#movedBy.delete(address);
      return;
    }
    const value = encodeTimelineReport({ ...report, timeline: undefined });
    this.#options.exchange.report(publishOf({ kind: 'timeline', address, value }), address, this.#origin);
  }

  #holderOf(address: Address): string | undefined {
    return this.#options.exchange.table.get(address)?.holder;
  }
}
