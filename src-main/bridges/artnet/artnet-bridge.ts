import { parseAddress } from '../../contract/address.ts';
import { UnavailableError } from '../../contract/errors.ts';
import type { Cancel } from '../../contract/message-link.ts';
import type { ArtnetBridge as ArtnetBridgeSettings, Bridge as BridgeSettings } from '../../contract/show.ts';
import type { Signal } from '../../contract/signal.ts';
import { refusalShown } from '../../contract/device.ts';
import { millis, millisToMicros } from '../../contract/units.ts';
import type { ReplyPort } from '../../core/dmx/artnet/art-poll-reply.ts';
import { tryLongForm } from '../../core/dmx/artnet/port-address.ts';
import { DmxOutput } from '../../core/dmx/dmx-output.ts';
import { UnicastHosts } from '../../platform/unicast-hosts.ts';
import type { FindAddress } from '../../platform/host-address.ts';
import type { Bridge, BridgeHealth, BridgeHost } from '../../ports/bridge.ts';
import type { Clock } from '../../ports/clock.ts';
import type { DmxDesk } from '../../ports/dmx-desk.ts';
import type { Log } from '../../ports/log.ts';
import type { ArtnetMember } from './artnet-member.ts';
import type { ArtnetPort } from './artnet-port.ts';
import type { ArtnetPorts } from './artnet-ports.ts';
import { describeStanding, urlOf } from './artnet-words.ts';
import { FrameReceiver } from './frame-receiver.ts';
import { FrameSender } from './frame-sender.ts';

type Settings = ArtnetBridgeSettings['settings'];

export interface ArtnetBridgeNeeds {
  readonly clock: Clock;
  readonly log: Log;
  readonly artnetPorts: ArtnetPorts;
  readonly desk?: DmxDesk | undefined;
  /** for tests; the system's name service otherwise */
  readonly findAddress?: FindAddress;
}

interface Running {
  readonly port: ArtnetPort;
  readonly sender: FrameSender;
  readonly hosts: UnicastHosts;
  readonly leave: () => Promise<void>;
  readonly leaveDesk: Cancel | undefined;
}

/** Sends port addresses to Art-Net nodes, and receives those that controllers send: `<prefix>/{port address}/{slot}`, both
 *  ways. A node is sent to from its first answer to a poll on, with what stands.
 *  @see Art-Net 4 */
export class ArtnetBridge implements Bridge {
  #settings: Settings;
  readonly #id: string;
  readonly #needs: ArtnetBridgeNeeds;
  readonly #output: DmxOutput;
  readonly #member: ArtnetMember;
  #receiver: FrameReceiver | undefined;
  #running: Running | undefined;
  #host: BridgeHost | undefined;
  #isAway = false;
  #unreadTotal = 0;
  #started: Promise<void> | undefined;
  #stopped: Promise<void> | undefined;

  constructor({ id, settings, name }: ArtnetBridgeSettings, needs: ArtnetBridgeNeeds) {
    this.#id = id;
    this.#settings = settings;
    this.#needs = needs;
    this.#output = new DmxOutput({
      prefix: settings.prefix,
      universeMin: 0,
      keepAliveMicros: millisToMicros(millis(settings.keepAliveMs)),
      floats: settings.floats,
      covers: (portAddress) => this.#sends(portAddress),
      clock: needs.clock,
      send: ({ universe, levels }) => this.#running?.sender.send(universe, levels),
      desk: needs.desk && { desk: needs.desk, bridgeId: id },
      source: () => ({ name: this.#settings.nodeName, priority: null }),
    });
    this.#member = this.#memberOf(name);
  }

  start(host: BridgeHost): Promise<void> {
    this.#started = this.#start(host);
    return this.#started;
  }

  apply(batch: readonly Signal[]): void {
    this.#output.apply(batch.map((signal) => this.#inShortForm(signal)));
  }

  /** What makes it another node, or sends another way, is not taken over. */
  change(next: BridgeSettings, current: () => readonly Signal[], keep: (held: readonly Signal[]) => void): boolean {
    if (next.kind !== 'artnet' || !this.#running || this.#stopped) return false;
    if (wayOf(next.settings) !== wayOf(this.#settings)) return false;
    const isOtherRule = next.settings.merge !== this.#settings.merge;
    this.#settings = next.settings;
    const left = this.#output.leaveOut();
    this.#running.sender.leaveOut(left.map(({ universe }) => universe));
    if (left.length > 0) keep(left.flatMap(({ held }) => held));
    this.#receiver?.change(isOtherRule);
    this.#output.change(next.settings.floats);
    this.#output.begin(current().map((signal) => this.#inShortForm(signal)));
    this.#running.port.join(this.#member);
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
    const sender = this.#running?.sender;
    const receiver = this.#receiver;
    const refused = this.#output.unsentWithin(refusalShown);
    const refusals = this.#output.refusedTotal + (sender?.tally.failedTotal ?? 0) + (receiver?.refusedTotal ?? 0);
    const seenAt = Math.max(sender?.tally.sentAt ?? -Infinity, receiver?.heardAt ?? -Infinity);
    return {
      ...describeStanding({
        settings: this.#settings,
        isAway: this.#isAway,
        sender,
        receiver,
        hostTrouble: this.#running?.hosts.trouble,
        refusal: this.#output.lastRefusal,
        isRefusing: this.#output.refusedWithin(refusalShown),
      }),
      url: urlOf(this.#settings),
      seenAt: seenAt === -Infinity ? null : millis(seenAt),
      inTotal: receiver?.heardTotal ?? 0,
      outTotal: sender?.tally.sentTotal ?? 0,
      refusedTotal: refusals + this.#unreadTotal,
      ...(refused && { refused }),
    };
  }

  async #start(host: BridgeHost): Promise<void> {
    const { clock, log, artnetPorts, findAddress } = this.#needs;
    this.#host = host;
    const names = this.#settings.send === 'hosts' ? this.#settings.hosts : [];
    const hosts = await UnicastHosts.find(names, { clock, find: findAddress });
    const joined = await artnetPorts.join(this.#settings.port, this.#member).catch((cause: unknown) => {
      hosts.release();
      throw cause;
    });
    const { port, leave } = joined;
    if (this.#stopped) {
      hosts.release();
      await leave();
      throw new UnavailableError('link-closed', 'The bridge was stopped while it started.');
    }
    const settings = (): Settings => this.#settings;
    const sender = new FrameSender({ clock, settings, port, member: this.#member, hosts, counts: host.counts });
    this.#receiver = new FrameReceiver({ clock, settings, publish: (batch) => host.publish(batch) });
    const leaveDesk = this.#needs.desk?.hear(this.#id, this.#receiver.input);
    this.#running = { port, sender, hosts, leave, leaveDesk };
    this.#isAway = port.cardsOf(this.#member).length === 0;
    this.#output.start();
    log.info('Art-Net open', { url: urlOf(this.#settings), send: this.#settings.send });
  }

  async #stop(): Promise<void> {
    this.#output.stop();
    // A start that is under way sees that it is not wanted any more, and closes what it opened.
    await Promise.allSettled([this.#started]);
    this.#receiver?.stop();
    if (!this.#running) return;
    const { sender, hosts, leave, leaveDesk } = this.#running;
    leaveDesk?.();
    sender.stop();
    hosts.release();
    await leave();
  }

  #memberOf(name: string): ArtnetMember {
    const settings = (): Settings => this.#settings;
    return {
      get shortName() {
        return settings().nodeName;
      },
      longName: `${this.#settings.nodeName} ${name}`,
      get networkCard() {
        return settings().networkCard;
      },
      get asks() {
        return settings().send === 'subscribers' && settings().universes.length > 0;
      },
      get syncs() {
        return settings().sync;
      },
      ports: () => this.#ports(),
      sends: (portAddress) => this.#sends(portAddress),
      hearDmx: (dmx, from) => this.#receiver?.hear(dmx, from),
      hearSync: (from) => this.#receiver?.sync(from),
      merge: (portAddress, how) => this.#receiver?.merge(portAddress, how),
      hearUnread: () => {
        this.#unreadTotal++;
      },
      look: () => this.#look(),
      fault: (reason) => {
        if (!this.#stopped) this.#host?.fault(reason);
      },
    };
  }

  /** Nodes or network cards changed. */
  #look(): void {
    if (!this.#running || this.#stopped) return;
    const wasAway = this.#isAway;
    this.#isAway = this.#running.port.cardsOf(this.#member).length === 0;
    this.#running.sender.look();
    if (wasAway && !this.#isAway) this.#host?.returned();
  }

  #ports(): readonly ReplyPort[] {
    const receiver = this.#receiver;
    const inputs = numbersOf(this.#settings.universes).map((portAddress): ReplyPort => {
      return { portAddress, way: 'in', isActive: true, isMerging: false, isLtp: false };
    });
    const outputs = numbersOf(this.#settings.receive).map((portAddress): ReplyPort => {
      const count = receiver?.sourcesOf(portAddress) ?? 0;
      const isLtp = receiver?.ruleOf(portAddress) === 'ltp';
      return { portAddress, way: 'out', isActive: count > 0, isMerging: count > 1, isLtp };
    });
    return [...outputs, ...inputs];
  }

  #sends(portAddress: number): boolean {
    return this.#settings.universes.some(({ first, last }) => first <= portAddress && portAddress <= last);
  }

  #inShortForm(signal: Signal): Signal {
    const short = tryLongForm(this.#settings.prefix, signal.address);
    return short === undefined ? signal : { ...signal, address: parseAddress(short) };
  }
}

function numbersOf(ranges: Settings['universes']): readonly number[] {
  return ranges.flatMap(({ first, last }) => Array.from({ length: last - first + 1 }, (_, i) => first + i));
}

/** What nodes and sockets know a bridge by. */
function wayOf({ send, hosts, networkCard, port, prefix, keepAliveMs, nodeName }: Settings): string {
  return JSON.stringify([send, send === 'hosts' && hosts, networkCard, port, prefix, keepAliveMs, nodeName]);
}
