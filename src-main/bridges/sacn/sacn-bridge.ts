import type { NetworkCard } from '../../contract/device.ts';
import { UnavailableError } from '../../contract/errors.ts';
import type { Cancel } from '../../contract/message-link.ts';
import type { SacnBridge as SacnBridgeSettings } from '../../contract/show.ts';
import type { Signal } from '../../contract/signal.ts';
import { micros, millis } from '../../contract/units.ts';
import { DmxOutput } from '../../core/dmx/dmx-output.ts';
import { frameIntervalMicros } from '../../core/dmx/frame-schedule.ts';
import type { UniverseFrame } from '../../core/dmx/universe-frame.ts';
import type { FindAddress } from '../../platform/host-address.ts';
import type { Bridge, BridgeHealth, BridgeHost } from '../../ports/bridge.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import { DataPackets } from './data-packets.ts';
import { buildDiscoveryPackets, discoveryEveryMs, discoveryUniverse } from './discovery-packets.ts';
import { SacnNetwork } from './sacn-network.ts';

/** Packets that say a universe ends. [E1.31 6.2.6] */
const terminatedPackets = 3;
/** How long a refused signal keeps the output asking for a look. */
const refusalShown = millis(10_000);

export interface SacnBridgeNeeds {
  readonly clock: Clock;
  readonly log: Log;
  readonly networkCards: () => readonly NetworkCard[];
  /** for tests; the system's name service otherwise */
  readonly findAddress?: FindAddress;
}

/** Sends universes as streaming ACN. `<prefix>/{universe}/{slot}` takes a level, or an array of levels for the slots from
 *  there on. A universe begins with its first value and ends, with three goodbyes, when the bridge stops.
 *  @see ANSI E1.31-2018 */
export class SacnBridge implements Bridge {
  readonly #settings: SacnBridgeSettings['settings'];
  readonly #needs: SacnBridgeNeeds;
  readonly #output: DmxOutput;
  readonly #streams = new Map<number, DataPackets>();
  #network: SacnNetwork | undefined;
  #started: Promise<void> | undefined;
  #stopped: Promise<void> | undefined;
  #lastFrameAt = 0;
  #cancelDiscovery: Cancel | undefined;

  constructor({ settings }: SacnBridgeSettings, needs: SacnBridgeNeeds) {
    this.#settings = settings;
    this.#needs = needs;
    this.#output = new DmxOutput({
      prefix: settings.prefix.replace(/\/+$/, ''),
      floats: settings.floats,
      covers: (universe) => this.#priorityOf(universe) !== undefined,
      clock: needs.clock,
      send: (frame) => this.#send(frame),
    });
  }

  start(host: BridgeHost): Promise<void> {
    this.#started = this.#start(host);
    return this.#started;
  }

  apply(batch: readonly Signal[]): void {
    this.#output.apply(batch);
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  status(): BridgeHealth {
    const trouble = this.#network?.trouble;
    const isRefusing = this.#output.refusedWithin(refusalShown);
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
    this.#discover();
    this.#output.start();
    log.info('sACN output open', { url: this.#url(), mode: this.#settings.mode });
  }

  #send({ universe, levels }: UniverseFrame): void {
    if (!this.#network) return;
    this.#lastFrameAt = this.#needs.clock.nowMicros();
    this.#network.send(universe, this.#stream(universe).next(levels));
  }

  #stream(universe: number): DataPackets {
    const known = this.#streams.get(universe);
    if (known) return known;
    const stream = new DataPackets(this.#settings, universe, this.#priorityOf(universe) ?? 0);
    this.#streams.set(universe, stream);
    // Receivers that list sources see a new one at once, not after ten seconds.
    if (this.#streams.size === 1) this.#discover();
    return stream;
  }

  /** Tells which universes there are, now and every ten seconds. Hosts that get unicast are set by hand and need none. */
  #discover(): void {
    this.#cancelDiscovery?.();
    if (this.#settings.mode !== 'multicast') return;
    if (this.#streams.size > 0) {
      for (const packet of buildDiscoveryPackets(this.#settings, [...this.#streams.keys()])) {
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
    const network = this.#network;
    if (!network) return;
    // Goodbyes keep to the rate of DMX as well, so that no receiver loses all three to one full buffer.
    let nextAt = this.#lastFrameAt + frameIntervalMicros;
    for (let packet = 0; packet < terminatedPackets && this.#streams.size > 0; packet++) {
      await this.#reach(nextAt);
      for (const [universe, stream] of this.#streams) network.send(universe, stream.terminated());
      nextAt = this.#needs.clock.nowMicros() + frameIntervalMicros;
    }
    await network.close();
  }

  #reach(instant: number): Promise<void> {
    return new Promise((resolve) => this.#needs.clock.at(micros(instant), resolve));
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
