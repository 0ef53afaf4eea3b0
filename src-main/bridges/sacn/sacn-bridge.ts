import type { NetworkCard } from '../../contract/device.ts';
import { UnavailableError } from '../../contract/errors.ts';
import type { Cancel } from '../../contract/message-link.ts';
import type { Bridge as BridgeSettings, SacnBridge as SacnBridgeSettings } from '../../contract/show.ts';
import type { Signal } from '../../contract/signal.ts';
import { millis } from '../../contract/units.ts';
import { DmxOutput } from '../../core/dmx/dmx-output.ts';
import { buildDiscoveryPackets, discoveryEveryMs, discoveryUniverse } from '../../core/dmx/sacn-discovery.ts';
import type { FindAddress } from '../../platform/host-address.ts';
import type { Bridge, BridgeHealth, BridgeHost } from '../../ports/bridge.ts';
import type { Clock } from '../../ports/clock.ts';
import type { DmxDesk } from '../../ports/dmx-desk.ts';
import type { Log } from '../../ports/log.ts';
import { SacnNetwork } from './sacn-network.ts';
import { UniverseStreams } from './universe-streams.ts';

type UniverseRange = SacnBridgeSettings['settings']['universes'][number];

/** How long a refused signal keeps the output asking for a look. */
const refusalShown = millis(10_000);

export interface SacnBridgeNeeds {
  readonly clock: Clock;
  readonly log: Log;
  readonly networkCards: () => readonly NetworkCard[];
  readonly desk?: DmxDesk | undefined;
  /** for tests; the system's name service otherwise */
  readonly findAddress?: FindAddress;
}

/** Sends universes as streaming ACN. `<prefix>/{universe}/{slot}` takes a level, or an array of levels for the slots from
 *  there on. A universe begins with its first value and ends, with three goodbyes, when the
 *  settings no longer have it or the bridge stops.
 *  @see ANSI E1.31-2018 */
export class SacnBridge implements Bridge {
  #settings: SacnBridgeSettings['settings'];
  readonly #needs: SacnBridgeNeeds;
  readonly #output: DmxOutput;
  readonly #streams: UniverseStreams;
  #network: SacnNetwork | undefined;
  #started: Promise<void> | undefined;
  #stopped: Promise<void> | undefined;
  #cancelDiscovery: Cancel | undefined;

  constructor({ id, settings }: SacnBridgeSettings, needs: SacnBridgeNeeds) {
    this.#settings = settings;
    this.#needs = needs;
    this.#output = new DmxOutput({
      prefix: settings.prefix.replace(/\/+$/, ''),
      floats: settings.floats,
      covers: (universe) => this.#priorityOf(universe) !== undefined,
      clock: needs.clock,
      send: ({ universe, levels }) => this.#send(universe, levels),
      desk: needs.desk && { desk: needs.desk, bridgeId: id },
      source: (universe) => ({ name: this.#settings.sourceName, priority: this.#priorityOf(universe) ?? null }),
    });
    this.#streams = new UniverseStreams({
      clock: needs.clock,
      describe: (universe) => ({ ...this.#settings, priority: this.#priorityOf(universe) ?? 0 }),
      send: (universe, packet) => this.#network?.send(universe, packet),
    });
  }

  start(host: BridgeHost): Promise<void> {
    this.#started = this.#start(host);
    return this.#started;
  }

  apply(batch: readonly Signal[]): void {
    this.#output.apply(batch);
  }

  /** What makes it another source, or another socket, is not taken over. */
  change(next: BridgeSettings, current: () => readonly Signal[], keep: (held: readonly Signal[]) => void): boolean {
    if (next.kind !== 'sacn' || !this.#network || this.#stopped) return false;
    if (wayOf(next.settings) !== wayOf(this.#settings)) return false;
    const isWider = !coversAll(this.#settings.universes, next.settings.universes);
    this.#settings = next.settings;
    const left = this.#output.leaveOut();
    // What ends says goodbye as it was sent; only what stays goes by the new name.
    this.#streams.end(left.map(({ universe }) => universe));
    this.#streams.describeAnew();
    if (left.length > 0) keep(left.flatMap(({ held }) => held));
    this.#output.change(next.settings.floats);
    if (isWider) this.#output.begin(current());
    return true;
  }

  held(): readonly Signal[] {
    return this.#output.held();
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  status(): BridgeHealth {
    const trouble = this.#network?.trouble;
    const isRefusing = this.#output.refusedWithin(refusalShown);
    const refused = this.#output.unsentWithin(refusalShown);
    const refusal = this.#output.lastRefusal && `Refused: ${this.#output.lastRefusal}`;
    return {
      state: trouble === undefined && !isRefusing ? 'connected' : 'trouble',
      reason: [trouble, isRefusing && refusal, trouble === undefined && this.#summary(), !isRefusing && refusal]
        .filter(Boolean)
        .join(' '),
      url: this.#url(),
      seenAt: this.#network?.sentAt ?? null,
      inTotal: 0,
      outTotal: this.#network?.sentTotal ?? 0,
      refusedTotal: this.#output.refusedTotal + (this.#network?.failedTotal ?? 0),
      ...(refused && { refused }),
    };
  }

  async #start(host: BridgeHost): Promise<void> {
    const { clock, networkCards, findAddress, log } = this.#needs;
    const onFault = (reason: UnavailableError): void => {
      if (!this.#stopped) host.fault(reason);
    };
    const network = await SacnNetwork.open({ settings: this.#settings, clock, networkCards, findAddress, onFault });
    if (this.#stopped) {
      await network.close();
      throw new UnavailableError('link-closed', 'The output was stopped while it started.');
    }
    this.#network = network;
    this.#streams.countFrom(host.counts);
    this.#discover();
    this.#output.start();
    log.info('sACN output open', { url: this.#url(), mode: this.#settings.mode });
  }

  #send(universe: number, levels: Readonly<Uint8Array>): void {
    if (!this.#network) return;
    const isFirst = this.#streams.size === 0;
    this.#streams.send(universe, levels);
    // Receivers that list sources see a new one at once, not after ten seconds.
    if (isFirst) this.#discover();
  }

  /** Tells which universes there are, now and every ten seconds. Hosts that get unicast are set by hand and need none. */
  #discover(): void {
    this.#cancelDiscovery?.();
    if (this.#settings.mode !== 'multicast') return;
    if (this.#streams.size > 0) {
      for (const packet of buildDiscoveryPackets(this.#settings, this.#streams.universes)) {
        this.#network?.send(discoveryUniverse, packet);
      }
    }
    this.#cancelDiscovery = this.#needs.clock.after(discoveryEveryMs, () => this.#discover());
  }

  async #stop(): Promise<void> {
    this.#output.stop();
    this.#cancelDiscovery?.();
    // A start that is under way sees that it is not wanted any more, and closes what it opened.
    await Promise.allSettled([this.#started]);
    if (!this.#network) return;
    await this.#streams.endAll();
    await this.#network.close();
  }

  #priorityOf(universe: number): number | undefined {
    return this.#settings.universes.find(({ first, last }) => first <= universe && universe <= last)?.priority;
  }

  #summary(): string {
    const count = this.#streams.size;
    if (count === 0) return 'Ready. A universe is sent from its first value on.';
    return count === 1 ? 'Sends 1 universe.' : `Sends ${count} universes.`;
  }

  #url(): string {
    const { universes, mode, networkCard, unicastTo } = this.#settings;
    const ranges = universes.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`)).join(', ');
    if (mode === 'unicast') return `U ${ranges} to ${unicastTo.join(', ') || 'nobody'}`;
    return networkCard === '' ? `U ${ranges}` : `U ${ranges} on ${networkCard}`;
  }
}

/** Whether ranges leave nothing of other ranges out. */
function coversAll(ranges: readonly UniverseRange[], others: readonly UniverseRange[]): boolean {
  const sorted = ranges.toSorted((one, other) => one.first - other.first);
  return others.every(({ first, last }) => {
    let open: number = first;
    for (const range of sorted) if (range.first <= open && range.last >= open) open = range.last + 1;
    return open > last;
  });
}

/** What a socket and its receivers know an output by. */
function wayOf({ mode, unicastTo, networkCard, port, cid, prefix }: SacnBridgeSettings['settings']): string {
  return JSON.stringify([mode, mode === 'unicast' && unicastTo, networkCard, port, cid, prefix]);
}
