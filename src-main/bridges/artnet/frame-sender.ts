import type { UnavailableError } from '../../contract/errors.ts';
import type { Cancel } from '../../contract/message-link.ts';
import { millis, type Micros, type Millis } from '../../contract/units.ts';
import type { ArtnetBridge } from '../../contract/show.ts';
import { buildArtDmx, buildArtSync } from '../../core/dmx/artnet/art-dmx.ts';
import { lateAfterMicros } from '../../core/dmx/artnet/artnet-nodes.ts';
import { PacketTally } from '../../core/dmx/packet-tally.ts';
import type { UnicastHosts } from '../../platform/unicast-hosts.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ArtnetMember } from './artnet-member.ts';
import type { ArtnetPort } from './artnet-port.ts';

/** Between the first frame of a turn and the ArtSync for all of them. */
const syncAfter = millis(1);

export interface FrameSenderOptions {
  readonly clock: Clock;
  readonly settings: () => ArtnetBridge['settings'];
  readonly port: ArtnetPort;
  readonly member: ArtnetMember;
  readonly hosts: UnicastHosts;
  /** sequences 1..255 by port address, of the last packets */
  readonly counts: Map<number, number>;
}

/** A node that is sent to and has been silent. */
export interface LateNode {
  readonly address: string;
  readonly name: string;
  readonly silentMs: Millis;
}

interface SentFrame {
  /** as they left last */
  readonly levels: Uint8Array;
  destinations: readonly string[];
  /** since when nobody takes it; undefined while somebody does */
  untakenSince: Micros | undefined;
}

/** Where frames of one bridge leave: to the nodes that ask for them, to named hosts, or to everybody. */
export class FrameSender {
  readonly #options: FrameSenderOptions;
  readonly #frames = new Map<number, SentFrame>();
  /** why the last packet to each destination did not leave */
  readonly #failures = new Map<string, UnavailableError>();
  #cancelSync: Cancel | undefined;
  /** of frames, to each node */
  readonly tally: PacketTally;

  constructor(options: FrameSenderOptions) {
    this.#options = options;
    this.tally = new PacketTally(options.clock);
  }

  /** how many port addresses began */
  get size(): number {
    return this.#frames.size;
  }

  /** Why something does not leave now, as a sentence. */
  get failure(): string | undefined {
    return this.#failures.values().next().value?.message;
  }

  /** Port addresses that began and that nobody takes, though everybody was asked and had time to answer. */
  get untaken(): readonly number[] {
    const before = this.#options.clock.nowMicros() - lateAfterMicros;
    return [...this.#frames].filter(([, { untakenSince }]) => (untakenSince ?? Infinity) < before).map(([at]) => at);
  }

  /** Of the nodes that are sent to, the one that has been silent for the longest, if that is too long. */
  get late(): LateNode | undefined {
    if (this.#options.settings().send !== 'subscribers') return undefined;
    const { nodes } = this.#options.port;
    const now = this.#options.clock.nowMicros();
    let latest: LateNode | undefined;
    for (const { address, name, outputs, repliedAt } of nodes.all) {
      const silentMs = (now - repliedAt) / 1000;
      if (silentMs * 1000 <= lateAfterMicros || silentMs <= (latest?.silentMs ?? 0)) continue;
      if (outputs.some((portAddress) => this.#frames.has(portAddress)) && this.#isNear(address))
        latest = { address, name, silentMs: silentMs as Millis };
    }
    return latest;
  }

  /** @param levels 512 of them, slot 1 first; copied */
  send(portAddress: number, levels: Readonly<Uint8Array>): void {
    const frame = this.#frames.get(portAddress) ?? {
      levels: levels.slice(),
      destinations: [],
      untakenSince: undefined,
    };
    frame.levels.set(levels);
    this.#frames.set(portAddress, frame);
    this.#aim(portAddress, frame);
    this.#put(portAddress, levels, frame.destinations);
    if (this.#options.settings().sync) this.#syncSoon();
  }

  /** Sends what stands to nodes that came, without waiting for the next frame. */
  look(): void {
    for (const [portAddress, frame] of this.#frames) {
      const before = frame.destinations;
      this.#aim(portAddress, frame);
      const came = frame.destinations.filter((address) => !before.includes(address));
      if (came.length > 0) this.#put(portAddress, frame.levels, came);
    }
    const wanted = new Set([...this.#frames.values()].flatMap(({ destinations }) => destinations));
    for (const destination of this.#failures.keys()) if (!wanted.has(destination)) this.#failures.delete(destination);
  }

  /** Port addresses that are no longer sent. */
  leaveOut(portAddresses: readonly number[]): void {
    for (const portAddress of portAddresses) this.#frames.delete(portAddress);
  }

  stop(): void {
    this.#cancelSync?.();
    this.#cancelSync = undefined;
  }

  #aim(portAddress: number, frame: SentFrame): void {
    frame.destinations = this.#destinationsOf(portAddress);
    if (frame.destinations.length > 0) frame.untakenSince = undefined;
    else frame.untakenSince ??= this.#options.clock.nowMicros();
  }

  #put(portAddress: number, levels: Readonly<Uint8Array>, destinations: readonly string[]): void {
    if (destinations.length === 0) return;
    const packet = buildArtDmx({ portAddress, sequence: this.#nextSequence(portAddress), physical: 0, levels });
    for (const destination of destinations) {
      this.#options.port.send(packet, destination, (reason) => {
        if (reason) this.#failed(destination, reason);
        else this.#left(destination);
      });
    }
  }

  /** 1..255; 0 says that nobody counts. [Art-Net 4, ArtDmx, Sequence] */
  #nextSequence(portAddress: number): number {
    if (!this.#options.settings().sequence) return 0;
    const next = ((this.#options.counts.get(portAddress) ?? 0) % 255) + 1;
    this.#options.counts.set(portAddress, next);
    return next;
  }

  #destinationsOf(portAddress: number): readonly string[] {
    const { port, member, hosts, settings } = this.#options;
    const { send } = settings();
    if (send === 'broadcast') return this.#broadcasts();
    if (port.cardsOf(member).length === 0) return [];
    if (send === 'hosts') return [...new Set(hosts.found.map(({ current }) => current))];
    return port.nodes.subscribersOf(portAddress).filter((address) => this.#isNear(address));
  }

  #broadcasts(): readonly string[] {
    return this.#options.port.cardsOf(this.#options.member).map(({ broadcast }) => broadcast);
  }

  #isNear(address: string): boolean {
    return this.#options.port.isNear(this.#options.member, address);
  }

  /** After all frames of this turn. Nodes hear it by broadcast, as the standard has it; named hosts by themselves. */
  #syncSoon(): void {
    this.#cancelSync ??= this.#options.clock.after(syncAfter, () => {
      this.#cancelSync = undefined;
      const isToHosts = this.#options.settings().send === 'hosts';
      const places = isToHosts ? this.#options.hosts.found.map(({ current }) => current) : this.#broadcasts();
      for (const place of new Set(places)) this.#options.port.send(buildArtSync(), place, () => undefined);
    });
  }

  #left(destination: string): void {
    this.tally.left();
    this.#failures.delete(destination);
  }

  #failed(destination: string, reason: UnavailableError): void {
    this.tally.failed();
    this.#failures.set(destination, reason);
  }
}
