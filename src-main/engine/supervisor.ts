import type { DeviceStatus } from '../contract/device.ts';
import { InputError, UnavailableError } from '../contract/errors.ts';
import type { Cancel } from '../contract/message-link.ts';
import { describeFeedback, findOscFeedback } from '../contract/osc-feedback.ts';
import type { Bridge as BridgeSettings } from '../contract/show.ts';
import { describeConflict, findUniverseConflicts } from '../contract/universe-conflicts.ts';
import { describeUniverseLoop, findUniverseLoops } from '../contract/universe-loops.ts';
import { millis } from '../contract/units.ts';
import { createHeldSignals, type HeldSignals } from './held-signals.ts';
import { SentRates } from './sent-rates.ts';
import { createSentMemory, type SentMemory } from './sent-values.ts';
import { SupervisedBridge, type BridgeSurroundings } from './supervised-bridge.ts';

/** How often statuses are given out while nothing changes its state. */
export const statusEvery = millis(1000);

/** Keeps the bridges of the show running. */
export interface Supervisor {
  /** Starts, stops and restarts exactly those bridges whose settings changed; a rename restarts nothing, and a bridge that
   *  can take over its new settings goes on. What must stop stops before what starts in the same call, so that ports and
   *  universes can be handed over. A bridge that comes back under its id resumes what it held. */
  apply(bridges: readonly BridgeSettings[]): void;
  /** Ends all bridges and forgets what they held: another show begins. */
  clear(): void;
  /** Sends devices what stands, whatever their bridges do by themselves.
   *  @param bridgeId all that are there without
   *  @returns how many values
   *  @throws InputError 'unknown-id' | UnavailableError 'link-closed' when the one that is named is not there */
  resend(bridgeId?: string): number;
  /** Leaves a device that came back, and asks, as it is.
   *  @throws InputError 'unknown-id' */
  leave(bridgeId: string): void;
  /** in the show's order */
  statuses(): readonly DeviceStatus[];
  /** Ends all bridges in order; settles when they are closed or past their limit. Later calls of apply do nothing. */
  stopAll(): Promise<void>;
}

export interface SupervisorOptions extends Omit<BridgeSurroundings, 'held' | 'sent' | 'sentRates'> {
  /** of what leaves by other ways than bridges; those of the bridges alone without */
  readonly sentRates?: SentRates;
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
    clear: () => supervisor.clear(),
    resend: (bridgeId) => supervisor.resend(bridgeId),
    leave: (bridgeId) => supervisor.leave(bridgeId),
    statuses: () => supervisor.statuses(),
    stopAll: () => supervisor.stopAll(),
  };
}

class BridgeSupervisor implements Supervisor {
  readonly #options: SupervisorOptions;
  readonly #held: HeldSignals = createHeldSignals();
  readonly #sent: SentMemory = createSentMemory();
  readonly #sentRates: SentRates;
  #entries = new Map<string, Entry>();
  readonly #ending = new Set<Promise<void>>();
  #cancelTick: Cancel;
  #stopped = false;
  /** while a report is being put together, changes of state wait for it */
  #reporting = false;
  #changes = 0;

  constructor(options: SupervisorOptions) {
    this.#options = options;
    this.#sentRates = options.sentRates ?? new SentRates(options.clock);
    this.#cancelTick = this.#scheduleTick();
  }

  apply(bridges: readonly BridgeSettings[]): void {
    if (this.#stopped) return;
    const wanted = new Map(bridges.map((bridge) => [bridge.id, bridge]));
    this.#reportAfter(() => {
      const kept = new Map<string, Entry>();
      for (const [id, entry] of this.#entries) {
        const goesOn = tryKeep(entry, wanted.get(id));
        if (goesOn) {
          kept.set(id, goesOn);
          continue;
        }
        entry.bridge.retire(wanted.get(id));
        this.#end(entry);
      }
      this.#entries = new Map(bridges.map((bridge) => [bridge.id, kept.get(bridge.id) ?? this.#start(bridge)]));
      this.#warnOfConflicts(bridges);
    });
  }

  clear(): void {
    this.apply([]);
    this.#held.forget();
    this.#sent.forget();
  }

  resend(bridgeId?: string): number {
    const all = [...this.#entries.values()];
    const count =
      bridgeId === undefined
        ? all.reduce((sum, { bridge }) => sum + (bridge.resend() ?? 0), 0)
        : resendOne(this.#named(bridgeId));
    this.#reportAfter(() => undefined);
    return count;
  }

  leave(bridgeId: string): void {
    this.#named(bridgeId).leave();
    this.#reportAfter(() => undefined);
  }

  #named(bridgeId: string): SupervisedBridge {
    const entry = this.#entries.get(bridgeId);
    if (entry) return entry.bridge;
    throw new InputError('unknown-id', `The show has no bridge ${bridgeId}. Nothing was sent.`, { id: bridgeId });
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

  #start(settings: BridgeSettings): Entry {
    const shared = { held: this.#held, sent: this.#sent, sentRates: this.#sentRates };
    const bridge = new SupervisedBridge(settings, { ...this.#options, ...shared }, () =>
      this.#reportAfter(() => undefined),
    );
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
    // What goes round is the worst, and where levels get lost comes before where two are merged.
    const own = this.#options.ownAddresses?.() ?? [];
    for (const loop of findUniverseLoops(bridges, own)) warn(loop.bridgeId, describeUniverseLoop(loop));
    for (const conflict of findUniverseConflicts(bridges).toSorted(
      (left, right) => Number(right.sameCid) - Number(left.sameCid),
    ))
      warn(conflict.bridgeId, describeConflict(conflict));
    for (const feedback of findOscFeedback(bridges, own)) warn(feedback.bridgeId, describeFeedback(feedback));
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

function resendOne(bridge: SupervisedBridge): number {
  const count = bridge.resend();
  if (count !== undefined) return count;
  throw new UnavailableError('link-closed', `Its device is not there: ${bridge.status().reason} Nothing was sent.`);
}

/** @returns undefined when it has to end */
function tryKeep({ key, bridge }: Entry, settings: BridgeSettings | undefined): Entry | undefined {
  if (!settings) return undefined;
  const next = { key: keyOf(settings), bridge };
  if (next.key !== key) return bridge.change(settings) ? next : undefined;
  bridge.rename(settings);
  return next;
}

function keyOf({ kind, enabled, settings }: BridgeSettings): string {
  return JSON.stringify([kind, enabled, settings]);
}
