import type { DeviceStatus } from '../contract/device.ts';
import type { Cancel } from '../contract/message-link.ts';
import { describeFeedback, findOscFeedback } from '../contract/osc-feedback.ts';
import type { Bridge as BridgeSettings } from '../contract/show.ts';
import { describeConflict, findUniverseConflicts } from '../contract/universe-conflicts.ts';
import { millis } from '../contract/units.ts';
import { SupervisedBridge, type BridgeSurroundings } from './supervised-bridge.ts';

/** How often statuses are given out while nothing changes its state. */
export const statusEvery = millis(1000);

/** Keeps the bridges of the show running. */
export interface Supervisor {
  /** Starts, stops and restarts exactly those bridges whose settings changed; a rename restarts nothing. What must stop
   *  stops before what starts in the same call, so that ports and universes can be handed over. */
  apply(bridges: readonly BridgeSettings[]): void;
  /** in the show's order */
  statuses(): readonly DeviceStatus[];
  /** Ends all bridges in order; settles when they are closed or past their limit. Later calls of apply do nothing. */
  stopAll(): Promise<void>;
}

export interface SupervisorOptions extends BridgeSurroundings {
  /** IP addresses of this machine's network cards, read at each `apply` */
  readonly ownAddresses?: () => readonly string[];
  /** every `statusEvery`, and at once when a bridge changes its state */
  readonly onChange: (statuses: readonly DeviceStatus[]) => void;
}

interface Entry {
  /** what a restart depends on */
  readonly key: string;
  readonly bridge: SupervisedBridge;
}

export function createSupervisor(options: SupervisorOptions): Supervisor {
  const supervisor = new BridgeSupervisor(options);
  return {
    apply: (bridges) => supervisor.apply(bridges),
    statuses: () => supervisor.statuses(),
    stopAll: () => supervisor.stopAll(),
  };
}

class BridgeSupervisor implements Supervisor {
  readonly #options: SupervisorOptions;
  #entries = new Map<string, Entry>();
  readonly #ending = new Set<Promise<void>>();
  #cancelTick: Cancel;
  #stopped = false;
  /** while a report is being put together, changes of state wait for it */
  #reporting = false;
  #changes = 0;

  constructor(options: SupervisorOptions) {
    this.#options = options;
    this.#cancelTick = this.#scheduleTick();
  }

  apply(bridges: readonly BridgeSettings[]): void {
    if (this.#stopped) return;
    const before = this.#entries;
    const keys = new Map(bridges.map((bridge) => [bridge.id, keyOf(bridge)]));
    this.#reportAfter(() => {
      for (const [id, entry] of before) if (keys.get(id) !== entry.key) this.#end(entry);
      this.#entries = new Map(bridges.map((bridge) => [bridge.id, this.#keep(before, bridge) ?? this.#start(bridge)]));
      this.#warnOfConflicts(bridges);
    });
  }

  statuses(): DeviceStatus[] {
    return [...this.#entries.values()].map(({ bridge }) => bridge.status());
  }

  async stopAll(): Promise<void> {
    this.#stopped = true;
    this.#cancelTick();
    // Every end cuts its bridge off from the router before it waits, so none hears of another's end.
    for (const entry of this.#entries.values()) this.#end(entry);
    await Promise.all(this.#ending);
  }

  #keep(before: ReadonlyMap<string, Entry>, settings: BridgeSettings): Entry | undefined {
    const entry = before.get(settings.id);
    if (entry?.key !== keyOf(settings)) return undefined;
    entry.bridge.rename(settings);
    return entry;
  }

  #start(settings: BridgeSettings): Entry {
    const bridge = new SupervisedBridge(settings, this.#options, () => this.#reportAfter(() => undefined));
    if (settings.enabled) bridge.begin(this.#ending.size > 0 ? Promise.all(this.#ending) : undefined);
    return { key: keyOf(settings), bridge };
  }

  #end({ bridge }: Entry): void {
    const over = bridge.end().finally(() => this.#ending.delete(over));
    this.#ending.add(over);
  }

  #warnOfConflicts(bridges: readonly BridgeSettings[]): void {
    const reasons = new Map<string, string>();
    const warn = (id: string, reason: string): void => {
      if (!reasons.has(id)) reasons.set(id, reason);
    };
    for (const conflict of findUniverseConflicts(bridges))
      warn(conflict.bridgeId, `${describeConflict(conflict)} Receivers see both.`);
    for (const feedback of findOscFeedback(bridges, this.#options.ownAddresses?.() ?? []))
      warn(feedback.bridgeId, describeFeedback(feedback));
    for (const [id, { bridge }] of this.#entries) bridge.warn(reasons.get(id));
  }

  #scheduleTick(): Cancel {
    return this.#options.clock.after(statusEvery, () => {
      this.#cancelTick = this.#scheduleTick();
      this.#reportAfter(() => {
        for (const { bridge } of this.#entries.values()) bridge.tick();
      });
    });
  }

  /** One report for all that `run` changes. Reading a status can find a bridge broken; the second reading has it. */
  #reportAfter(run: () => void): void {
    this.#changes++;
    if (this.#reporting || this.#stopped) return;
    this.#reporting = true;
    run();
    const changes = this.#changes;
    let statuses = this.statuses();
    if (this.#changes !== changes) statuses = this.statuses();
    this.#reporting = false;
    this.#options.onChange(statuses);
  }
}

function keyOf({ kind, enabled, settings }: BridgeSettings): string {
  return JSON.stringify([kind, enabled, settings]);
}
