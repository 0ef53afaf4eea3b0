import { matches, parseAddress, type Pattern } from '../../../src-main/contract/address.ts';
import type { MappingProblem } from '../../../src-main/contract/engine-api.ts';
import type { LiveMapping } from '../../../src-main/contract/live-events.ts';
import { mappingSchema, type Mapping } from '../../../src-main/contract/show.ts';
import { toJson, type Signal, type Value } from '../../../src-main/contract/signal.ts';
import { createMappingEngine, type MappingEngine } from '../../../src-main/core/mapping/mapping-engine.ts';
import { type MappingCause, type MappingDelivery } from '../../../src-main/core/mapping/mapping-session.ts';
import { WireValue } from '../../../src-main/core/protocol/wire-value.ts';
import { routerLimits } from '../../../src-main/core/router/limits.ts';
import { isRefusal, type ParamWrite } from '../../../src-main/core/router/state/param-write.ts';
import type { Refusal } from '../../../src-main/core/router/requests/refusal.ts';
import { ValueTable } from '../../../src-main/core/router/state/value-table.ts';
import { SimulatedClock } from '../../simulated-clock.ts';
import { silentLog } from '../../silent-log.ts';

interface Published {
  readonly signal: Signal;
  readonly cause: MappingCause;
}

/** A router of the smallest kind: keeps params, delivers to all, also the echo, in the order of publishing. */
export class Bench {
  readonly clock = new SimulatedClock();
  readonly published: Published[] = [];
  readonly live: LiveMapping[] = [];
  readonly subscribed: Pattern[] = [];
  readonly params = new ValueTable(routerLimits);
  readonly engine: MappingEngine;
  problemsTold = 0;
  readonly #turns: (() => void)[] = [];
  #listeners: { pattern: Pattern; run: (batch: readonly MappingDelivery[]) => void }[] = [];

  constructor() {
    this.engine = createMappingEngine({
      session: {
        publish: ([signal], cause) => (signal ? this.#publish(signal, cause) : undefined),
        subscribe: (pattern, run) => {
          this.subscribed.push(pattern);
          const listener = { pattern, run };
          this.#listeners.push(listener);
          return () => {
            this.#listeners = this.#listeners.filter((other) => other !== listener);
          };
        },
      },
      name: 'mappings',
      params: this.params,
      clock: this.clock,
      log: silentLog,
      defer: (run) => void this.#turns.push(run),
      onLive: (live) => this.live.push(live),
      onProblem: () => this.problemsTold++,
      describe: ({ code }) => `refused ${code}`,
    });
  }

  get listening(): Pattern[] {
    return this.#listeners.map(({ pattern }) => pattern);
  }

  /** Runs the turns that are planned, and those they plan. @returns how many */
  turns(): number {
    let count = 0;
    for (let run = this.#turns.shift(); run; run = this.#turns.shift(), count++) run();
    return count;
  }

  load(...mappings: Mapping[]): readonly MappingProblem[] {
    return this.engine.load(mappings);
  }

  send(signal: Signal, cause?: MappingCause): void {
    const delivery: MappingDelivery = { signal, at: this.clock.nowMicros(), ...(cause ? { cause } : {}) };
    for (const { pattern, run } of this.#listeners) if (matches(pattern, signal.address)) run([delivery]);
  }

  /** A client sets a param. */
  set(address: string, value: Value, more: { writer?: string; lock?: boolean } = {}): Refusal | undefined {
    const signal: Signal = { kind: 'param', address: parseAddress(address), value };
    const refusal = this.#store(signal, { writer: 'client', ...more });
    if (!refusal) this.send(signal);
    return refusal;
  }

  at(address: string): unknown {
    const record = this.params.get(address);
    return record && toJson(record.value.value);
  }

  /** What was published since the last look, as `address value`. */
  take(): string[] {
    return this.published.splice(0).map(({ signal }) => `${signal.address} ${JSON.stringify(toJson(signal.value))}`);
  }

  #publish(signal: Signal, cause: MappingCause): Refusal | undefined {
    const { movedAt } = cause;
    const refusal = signal.kind === 'param' ? this.#store(signal, { writer: 'mappings', movedAt }) : undefined;
    if (refusal) return refusal;
    this.published.push({ signal, cause });
    this.send(signal, cause);
    return undefined;
  }

  #store({ address, value }: Signal, more: Pick<ParamWrite, 'writer' | 'lock' | 'movedAt'>): Refusal | undefined {
    const at = this.clock.nowMicros();
    const record = this.params.write({ address, value: WireValue.of(value), at, ...more });
    return isRefusal(record) ? record : undefined;
  }
}

/** @param route the source, the target's address, and what else differs from a plain mapping */
export function mapping(
  number: number,
  ...route: [source: string, address: string, rest?: Record<string, unknown>]
): Mapping {
  const [source, address, rest = {}] = route;
  const { target, ...others } = { target: {}, transforms: [], ...rest };
  return mappingSchema.parse({
    id: `m${number}`,
    number,
    source: { pattern: source },
    target: { address, ...target },
    ...others,
  });
}

export const toLevel = {
  transforms: [{ type: 'scale', inMin: 0, inMax: 1, outMin: 0, outMax: 255 }],
  target: { as: 'integer' },
};
export const gate = { transforms: [{ type: 'threshold', at: 0.5, hysteresis: 0.2, below: 0, above: 1 }] };
