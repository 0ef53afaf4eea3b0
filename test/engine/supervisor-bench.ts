import { matches, parseAddress, type Pattern } from '../../src-main/contract/address.ts';
import type { DeviceStatus } from '../../src-main/contract/device.ts';
import { UnavailableError } from '../../src-main/contract/errors.ts';
import { bridgeSchema, type Bridge as BridgeSettings } from '../../src-main/contract/show.ts';
import { f64, type Signal } from '../../src-main/contract/signal.ts';
import { micros, type Micros } from '../../src-main/contract/units.ts';
import { createSupervisor, type Supervisor } from '../../src-main/engine/supervisor.ts';
import type { Bridge, BridgeHealth, BridgeHost, WhatStands } from '../../src-main/ports/bridge.ts';
import { silentLog } from '../silent-log.ts';
import { SimulatedClock } from '../simulated-clock.ts';

export const gone = new UnavailableError('cannot-open-port', 'Port 8000 is taken.');

/** A bridge that does what a test tells it, and tells the bench what happens to it. */
class ScriptedBridge implements Bridge {
  readonly applied: Signal[] = [];
  /** what it was told with each batch */
  readonly marks: (WhatStands | undefined)[] = [];
  health: BridgeHealth = {
    state: 'connected',
    reason: 'Listening.',
    url: '0.0.0.0:8000',
    seenAt: null,
    inTotal: 0,
    outTotal: 0,
    refusedTotal: 0,
  };
  onApply: () => void = () => undefined;
  /** whether it takes over new settings; it does so when it says true */
  onChange: NonNullable<Bridge['change']> = () => false;
  /** whether something takes its place */
  onRetire: NonNullable<Bridge['retire']> = () => undefined;
  holds: readonly Signal[] = [];
  onStatus: () => void = () => undefined;
  host: BridgeHost | undefined;
  readonly #name: string;
  readonly #bench: Bench;

  constructor(name: string, bench: Bench, isFramed: boolean) {
    this.#name = name;
    this.#bench = bench;
    if (isFramed) this.held = () => this.holds;
    if (bench.bringsMax !== undefined) this.bringsMax = bench.bringsMax;
    if (bench.isState) this.isState = bench.isState;
  }

  async start(host: BridgeHost): Promise<void> {
    this.host = host;
    this.#bench.log.push(`start ${this.#name}`);
    this.#bench.opened(this.#name);
    await this.#bench.onStart(this.#name, host);
  }

  apply(batch: readonly Signal[], stands?: WhatStands): void {
    this.onApply();
    this.marks.push(stands);
    this.applied.push(...batch);
  }

  change(...change: Parameters<NonNullable<Bridge['change']>>): boolean {
    return this.onChange(...change);
  }

  retire(next: BridgeSettings | undefined): void {
    this.onRetire(next);
  }

  readonly bringsMax?: number;
  readonly isState?: (address: string) => boolean;
  /** only outputs of whole frames have it */
  held?: () => readonly Signal[];

  async stop(): Promise<void> {
    this.#bench.log.push(`stop ${this.#name}`);
    await this.#bench.onStop(this.#name);
    this.#bench.closed(this.#name);
    this.#bench.log.push(`stopped ${this.#name}`);
  }

  status(): BridgeHealth {
    this.onStatus();
    return this.health;
  }
}

export class Bench {
  readonly clock = new SimulatedClock();
  readonly log: string[] = [];
  readonly reports: (readonly DeviceStatus[])[] = [];
  readonly published: Signal[] = [];
  readonly scheduled: { readonly signals: readonly Signal[]; readonly at: Micros }[] = [];
  readonly bridges: ScriptedBridge[] = [];
  readonly params: Signal[] = [];
  /** id of the bridge that wrote an address last */
  readonly writers = new Map<string, string>();
  /** when an address was written */
  readonly times = new Map<string, Micros>();
  readonly listeners = new Map<
    object,
    { pattern: Pattern; run: (deliveries: readonly { signal: Signal }[]) => void }
  >();
  readonly #openNames: string[] = [];
  openTwice = false;
  /** whether bridges say what they hold */
  framed = true;
  /** what bridges say that they bring */
  bringsMax: number | undefined;
  /** what bridges say is state */
  isState: ((address: string) => boolean) | undefined;
  onLoad: (name: string) => Promise<void> = async () => undefined;
  onStart: (name: string, host: BridgeHost) => Promise<void> = async () => undefined;
  onStop: (name: string) => Promise<void> = async () => undefined;
  readonly supervisor: Supervisor = createSupervisor({
    clock: this.clock,
    random: { fraction: () => 0, uuid: () => '' },
    log: silentLog,
    load: async ({ name, kind }) => {
      await this.onLoad(name);
      const bridge = new ScriptedBridge(name, this, kind === 'sacn' || this.framed);
      this.bridges.push(bridge);
      return bridge;
    },
    connect: () => {
      const session = {};
      return {
        publish: (signals) => this.published.push(...signals),
        schedule: (signals, at) => {
          this.scheduled.push({ signals, at });
          return 'waits';
        },
        subscribe: (pattern, run) => {
          this.listeners.set(session, { pattern, run });
          return () => this.listeners.delete(session);
        },
        close: () => this.listeners.delete(session),
      };
    },
    standing: (pattern, { id }) =>
      this.params
        .filter(({ address }) => matches(pattern, address) && this.writers.get(address) !== id)
        .map((signal) => ({ signal, at: this.times.get(signal.address) ?? micros(0) })),
    params: (pattern) => this.params.map(({ address }) => address).filter((address) => matches(pattern, address)),
    ownAddresses: () => ['10.0.0.5'],
    onChange: (statuses) => this.reports.push(statuses),
  });

  async apply(...bridges: BridgeSettings[]): Promise<void> {
    this.supervisor.apply(bridges);
    await this.clock.advanceAsync(0);
  }

  /** Bridges that were started and are not yet stopped. */
  get open(): number {
    return this.#openNames.length;
  }

  opened(name: string): void {
    this.openTwice ||= this.#openNames.includes(name);
    this.#openNames.push(name);
  }

  closed(name: string): void {
    this.#openNames.splice(this.#openNames.indexOf(name), 1);
  }

  get last(): ScriptedBridge {
    const bridge = this.bridges.at(-1);
    if (!bridge) throw new Error('no bridge was made');
    return bridge;
  }

  get states(): string[] {
    return this.supervisor.statuses().map(({ state }) => state);
  }

  get status(): DeviceStatus | undefined {
    return this.supervisor.statuses()[0];
  }

  /** The device of the last bridge goes away. */
  unplug(): void {
    this.last.health = { ...this.last.health, state: 'broken', reason: 'Unplugged.' };
  }

  /** The device of the last bridge is there again. */
  plugIn(): void {
    this.last.health = { ...this.last.health, state: 'connected', reason: 'Listening.' };
    this.last.host?.returned();
  }

  /** Sets a param now; whoever is up hears it. */
  write(address: string, value = 1): void {
    const signal = param(address, value);
    const at = this.params.findIndex((param) => param.address === address);
    if (at < 0) this.params.push(signal);
    else this.params[at] = signal;
    this.times.set(address, this.clock.nowMicros());
    this.deliver(address, value);
  }

  deliver(address: string, value = 1): void {
    this.hear(param(address, value));
  }

  /** It comes to whoever is up. */
  hear(signal: Signal): void {
    for (const { pattern, run } of this.listeners.values()) if (matches(pattern, signal.address)) run([{ signal }]);
  }
}

export function param(address: string, value = 1): Signal {
  return { kind: 'param', address: parseAddress(address), value: f64(value) };
}

export function osc(
  name: string,
  settings: Record<string, unknown> = {},
  rest: Record<string, unknown> = {},
): BridgeSettings {
  const usual = {
    direction: 'both',
    listenHost: '0.0.0.0',
    listenPort: 8000,
    targets: [{ host: '127.0.0.1', port: 9000 }],
    prefix: '/osc',
  };
  return bridgeSchema.parse({ kind: 'osc', id: name, number: 1, name, settings: { ...usual, ...settings }, ...rest });
}

export function sacn(name: string, cid: string, some: object = {}): BridgeSettings {
  const universes = [{ first: 1, last: 4, priority: 100 }];
  const settings = {
    universes,
    mode: 'multicast',
    unicastTo: [],
    networkCard: '',
    sourceName: 'Flyrail',
    cid,
    ...some,
  };
  return bridgeSchema.parse({ kind: 'sacn', id: name, number: 1, name, settings });
}

export function held(address: string): Signal {
  return { kind: 'stream', address: parseAddress(address), value: f64(0.5) };
}

export function never(): Promise<void> {
  return new Promise(() => undefined);
}
