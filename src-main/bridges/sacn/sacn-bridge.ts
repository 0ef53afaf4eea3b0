import { refusalShown, type NetworkCard } from '../../contract/device.ts';
import { UnavailableError } from '../../contract/errors.ts';
import type { Cancel } from '../../contract/message-link.ts';
import type { Bridge as BridgeSettings, SacnBridge as SacnBridgeSettings } from '../../contract/show.ts';
import type { Signal } from '../../contract/signal.ts';
import type { Millis } from '../../contract/units.ts';
import { DmxOutput } from '../../core/dmx/dmx-output.ts';
import { slotsPerUniverse } from '../../core/dmx/dmx-address.ts';
import { buildDiscoveryPackets, discoveryEveryMs, discoveryUniverse } from '../../core/dmx/sacn-discovery.ts';
import type { FindAddress } from '../../platform/host-address.ts';
import type { Bridge, BridgeHealth, BridgeHost } from '../../ports/bridge.ts';
import type { Clock } from '../../ports/clock.ts';
import type { DeskInput, DmxDesk } from '../../ports/dmx-desk.ts';
import type { Log } from '../../ports/log.ts';
import { RivalWatch } from './rival-watch.ts';
import { describeRivals, describeTwins, urlOf } from './sacn-health.ts';
import { SacnNetwork } from './sacn-network.ts';
import { lookAroundMs, SacnReceiving } from './sacn-receiving.ts';
import { SyncedFrames } from './synced-frames.ts';
import { UniverseStreams, type UniverseStreamsOptions } from './universe-streams.ts';

type UniverseRange = SacnBridgeSettings['settings']['universes'][number];

/** Signals that a universe brings in a second while all its slots change. */
const bringsOfUniverse = slotsPerUniverse * 50;

export interface SacnBridgeNeeds {
  readonly clock: Clock;
  readonly log: Log;
  readonly networkCards: () => readonly NetworkCard[];
  readonly desk?: DmxDesk | undefined;
  /** for tests; the system's name service otherwise */
  readonly findAddress?: FindAddress;
}

/** Sends and receives universes as streaming ACN. `<prefix>/{universe}/{slot}` takes a level, or an array of levels for the
 *  slots from there on. A universe that is sent begins with its first value and ends, with three goodbyes, when the
 *  settings no longer have it or the bridge stops. One that is received is merged from all who send it.
 *  @see ANSI E1.31-2018 */
export class SacnBridge implements Bridge {
  #settings: SacnBridgeSettings['settings'];
  readonly #id: string;
  readonly #needs: SacnBridgeNeeds;
  readonly #output: DmxOutput;
  readonly #streams: UniverseStreams;
  readonly #frames: SyncedFrames;
  #network: SacnNetwork | undefined;
  #receiving: SacnReceiving | undefined;
  #rivals: RivalWatch | undefined;
  #started: Promise<void> | undefined;
  #stopped: Promise<void> | undefined;
  #cancelDiscovery: Cancel | undefined;
  #cancelWatch: Cancel | undefined;
  readonly #leaveDesk: Cancel[] = [];

  constructor({ id, settings }: SacnBridgeSettings, needs: SacnBridgeNeeds) {
    this.#settings = settings;
    this.#id = id;
    this.#needs = needs;
    this.#output = new DmxOutput({
      prefix: settings.prefix.replace(/\/+$/, ''),
      floats: settings.floats,
      covers: (universe) => this.#priorityOf(universe) !== undefined,
      clock: needs.clock,
      send: (frame) => this.#frames.send(frame),
      desk: needs.desk && { desk: needs.desk, bridgeId: id },
      source: (universe) => ({
        name: this.#settings.sourceName,
        priority: this.#priorityOf(universe) ?? null,
        slotPriorities: this.#mannerOf(universe).slotPriorities,
      }),
    });
    this.#frames = new SyncedFrames({
      clock: needs.clock,
      sync: () => this.#settings,
      sendFrame: ({ universe, levels }) => this.#send(universe, levels),
      sendSync: (universe, packet) => this.#network?.send(universe, packet),
    });
    this.#streams = new UniverseStreams({
      clock: needs.clock,
      describe: (universe) => this.#mannerOf(universe),
      send: (universe, packet) => this.#network?.send(universe, packet),
    });
  }

  get bringsMax(): number {
    return this.#settings.receive.reduce((sum, { first, last }) => sum + (last - first + 1) * bringsOfUniverse, 0);
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
    this.#frames.flush();
    this.#settings = next.settings;
    const left = this.#output.leaveOut();
    // What ends says goodbye as it was sent; only what stays goes by the new name.
    this.#streams.end(left.map(({ universe }) => universe));
    this.#streams.describeAnew();
    this.#receiving?.change(next.settings);
    this.#watchRivals();
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
    const rivals = describeRivals(this.#rivals?.rivals ?? [], (universe) => this.#priorityOf(universe));
    const twins = describeTwins(this.#rivals?.twins ?? []);
    const trouble = [this.#network?.trouble, this.#receiving?.trouble, twins].filter(Boolean).join(' ') || undefined;
    const isRefusing = this.#output.refusedWithin(refusalShown);
    const refused = this.#output.unsentWithin(refusalShown);
    const refusal = this.#output.lastRefusal && `Refused: ${this.#output.lastRefusal}`;
    const silence = this.#receiving?.silence;
    const words = [trouble, isRefusing && refusal, silence, trouble === undefined && this.#summary(), rivals?.words];
    const isTrouble = trouble !== undefined || isRefusing || rivals?.isTrouble === true;
    return {
      state: isTrouble ? 'trouble' : silence === undefined ? 'connected' : 'late',
      reason: [...words, !isRefusing && refusal].filter(Boolean).join(' '),
      url: urlOf(this.#settings),
      seenAt: latest(this.#network?.tally.sentAt ?? null, this.#receiving?.heardAt ?? null),
      inTotal: this.#receiving?.takenTotal ?? 0,
      outTotal: this.#network?.tally.sentTotal ?? 0,
      refusedTotal:
        this.#output.refusedTotal + (this.#network?.tally.failedTotal ?? 0) + (this.#receiving?.refusedTotal ?? 0),
      ...(refused && { refused }),
    };
  }

  async #start(host: BridgeHost): Promise<void> {
    const { clock, networkCards, findAddress, log } = this.#needs;
    const onFault = (reason: UnavailableError): void => {
      if (!this.#stopped) host.fault(reason);
    };
    const network = await SacnNetwork.open({ settings: this.#settings, clock, networkCards, findAddress, onFault });
    const receiving = new SacnReceiving(this.#settings, {
      clock,
      networkCards,
      publish: (batch) => host.publish(batch),
    });
    try {
      if (!this.#stopped) await receiving.open();
      if (this.#stopped) throw new UnavailableError('link-closed', 'The bridge was stopped while it started.');
    } catch (cause) {
      await Promise.all([network.close(), receiving.close()]);
      throw cause;
    }
    this.#network = network;
    this.#receiving = receiving;
    this.#streams.countFrom(host.counts);
    this.#frames.countFrom(host.counts);
    this.#hearFor(receiving.input);
    this.#discover();
    this.#output.start();
    this.#watchRivals();
    log.info('sACN open', { url: urlOf(this.#settings), mode: this.#settings.mode });
  }

  #hearFor(input: DeskInput): void {
    if (this.#needs.desk) this.#leaveDesk.push(this.#needs.desk.hear(this.#id, input));
  }

  #send(universe: number, levels: Readonly<Uint8Array>): void {
    if (!this.#network) return;
    const isFirst = this.#streams.size === 0;
    this.#streams.send(universe, levels);
    // Receivers that list sources see a new one at once, not after ten seconds.
    if (isFirst) this.#discover();
  }

  /** Hears who else sends what has begun, now and every two seconds. */
  #watchRivals(): void {
    this.#cancelWatch?.();
    const { networkCard, port, cid, watch, universes } = this.#settings;
    if (!this.#rivals && watch && universes.length > 0) {
      const { clock, networkCards } = this.#needs;
      this.#rivals = new RivalWatch({
        ...{ clock, networkCards, networkCard, port, cid },
        ownPort: () => this.#network?.port,
      });
      this.#hearFor(this.#rivals.heard);
    }
    this.#rivals?.follow(watch ? this.#streams.universes : []);
    if (this.#rivals) this.#cancelWatch = this.#needs.clock.after(lookAroundMs, () => this.#watchRivals());
  }

  /** Tells which universes there are, now and every ten seconds. Hosts that get unicast are set by hand and need none. */
  #discover(): void {
    this.#cancelDiscovery?.();
    if (this.#settings.mode !== 'multicast') return;
    if (this.#streams.size > 0) {
      const { syncUniverse } = this.#settings;
      const universes = new Set([...this.#streams.universes, ...(syncUniverse === 0 ? [] : [syncUniverse])]);
      for (const packet of buildDiscoveryPackets(this.#settings, [...universes])) {
        this.#network?.send(discoveryUniverse, packet);
      }
    }
    this.#cancelDiscovery = this.#needs.clock.after(discoveryEveryMs, () => this.#discover());
  }

  async #stop(): Promise<void> {
    this.#output.stop();
    this.#frames.flush();
    this.#cancelDiscovery?.();
    this.#cancelWatch?.();
    for (const leave of this.#leaveDesk.splice(0)) leave();
    // A start that is under way sees that it is not wanted any more, and closes what it opened.
    await Promise.allSettled([this.#started]);
    if (!this.#network) return;
    await Promise.all([this.#streams.endAll(), this.#receiving?.close(), this.#rivals?.close()]);
    await this.#network.close();
  }

  #mannerOf(universe: number): ReturnType<UniverseStreamsOptions['describe']> {
    const { cid, sourceName, preview, syncUniverse, slotPriorities } = this.#settings;
    const priority = this.#priorityOf(universe) ?? 0;
    const own = slotPriorities.filter((each) => each.universe === universe);
    const manner = { cid, sourceName, preview, syncUniverse, priority };
    if (own.length === 0) return manner;
    const priorities = new Uint8Array(slotsPerUniverse).fill(priority);
    for (const { first, last, priority: of } of own) priorities.fill(of, first - 1, last);
    return { ...manner, slotPriorities: priorities };
  }

  #priorityOf(universe: number): number | undefined {
    return this.#settings.universes.find(({ first, last }) => first <= universe && universe <= last)?.priority;
  }

  #summary(): string {
    const count = this.#streams.size;
    const sends =
      this.#settings.universes.length === 0
        ? undefined
        : count === 0
          ? 'Ready. A universe is sent from its first value on.'
          : `Sends ${count} universe${count === 1 ? '' : 's'}.`;
    const { summary, silence } = this.#receiving ?? {};
    return [sends, summary].filter(Boolean).join(' ') || (silence === undefined ? 'Ready.' : '');
  }
}

function latest(one: Millis | null, other: Millis | null): Millis | null {
  return one === null || (other !== null && other > one) ? other : one;
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
