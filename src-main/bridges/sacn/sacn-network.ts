import type { NetworkCard } from '../../contract/device.ts';
import { UnavailableError } from '../../contract/errors.ts';
import type { Cancel } from '../../contract/message-link.ts';
import type { SacnBridge } from '../../contract/show.ts';
import type { Millis } from '../../contract/units.ts';
import { requireNetworkCard } from '../../platform/network-interfaces.ts';
import type { FindAddress } from '../../platform/host-address.ts';
import { UdpSocket } from '../../platform/udp-socket.ts';
import { PacketTally } from '../../core/dmx/packet-tally.ts';
import type { Clock } from '../../ports/clock.ts';
import { UnicastHosts } from '../../platform/unicast-hosts.ts';

/** When nothing could be sent to anyone for this long, the socket is made anew. */
export const giveUpAfterMs = 3000;
/** How often the chosen network card is looked for. */
export const checkCardEveryMs = 2000 as Millis;
/** How long the last packets may take to leave when the output stops. */
const drainMsMax = 500 as Millis;
/** Routers that a packet may pass; enough for a routed lighting network, little enough to stay in the building. */
const timeToLive = 16;

export interface SacnNetworkOptions {
  readonly settings: SacnBridge['settings'];
  readonly clock: Clock;
  readonly networkCards: () => readonly NetworkCard[];
  /** for tests; the system's name service otherwise */
  readonly findAddress?: FindAddress | undefined;
  /** It cannot go on and has to be opened anew; runs at most once. */
  readonly onFault: (reason: UnavailableError) => void;
}

/** Where packets of universes leave: by multicast from one network card, or to named hosts. */
export class SacnNetwork {
  readonly #options: SacnNetworkOptions;
  readonly #socket: UdpSocket;
  readonly #hosts: UnicastHosts;
  readonly #failures = new Map<string, Failure>();
  readonly #idle = new Set<() => void>();
  /** of packets, to whomever */
  readonly tally: PacketTally;
  #cancelCheck: Cancel | undefined;
  #pending = 0;

  /** @throws UnavailableError 'no-network-card' | 'cannot-open-port' | 'cannot-send'; nothing stays open then */
  static async open(options: SacnNetworkOptions): Promise<SacnNetwork> {
    const { settings, clock, findAddress } = options;
    const card = requireCard(options);
    const onFault = once(options.onFault);
    const names = settings.mode === 'unicast' ? settings.unicastTo : [];
    const hosts = await UnicastHosts.find(names, { clock, find: findAddress });
    try {
      const socket = await UdpSocket.open({
        address: card?.address ?? '0.0.0.0',
        port: 0,
        onMessage: () => undefined,
        onError: onFault,
        multicast: card ? { from: card.address, timeToLive } : { timeToLive },
      });
      return new SacnNetwork({ ...options, onFault }, socket, hosts);
    } catch (cause) {
      hosts.release();
      throw cause;
    }
  }

  private constructor(options: SacnNetworkOptions, socket: UdpSocket, hosts: UnicastHosts) {
    this.#options = options;
    this.#socket = socket;
    this.#hosts = hosts;
    this.tally = new PacketTally(options.clock);
    this.#checkCardLater();
  }

  /** the UDP port that packets come from */
  get port(): number {
    return this.#socket.local.port;
  }

  /** Why something does not leave now, as a sentence. */
  get trouble(): string | undefined {
    if (this.#options.settings.mode === 'unicast' && this.#options.settings.unicastTo.length === 0)
      return 'It has no host to send to. Name one.';
    const failure = this.#failures.values().next().value?.reason.message;
    return [this.#hosts.trouble, failure].filter(Boolean).join(' ') || undefined;
  }

  /** Sends to the universe's group, or to every host. Never throws; what fails is counted.
   *  @param packet not changed by anyone afterwards */
  send(universe: number, packet: Uint8Array): void {
    if (this.#options.settings.mode === 'multicast') return this.#sendTo(multicastGroup(universe), 'multicast', packet);
    for (const host of this.#hosts.found) this.#sendTo(host.current, host.name, packet);
  }

  /** Settles when the last packets left, or could not within half a second, and the socket is closed. */
  async close(): Promise<void> {
    this.#cancelCheck?.();
    this.#hosts.release();
    await this.#drained();
    await this.#socket.close();
  }

  #sendTo(address: string, destination: string, packet: Uint8Array): void {
    this.#pending++;
    this.#socket.send(packet, { address, port: this.#options.settings.port }, (reason) => {
      this.#pending--;
      if (reason) this.#failed(destination, reason);
      else this.#left(destination);
      if (this.#pending === 0) for (const run of [...this.#idle]) run();
    });
  }

  #left(destination: string): void {
    this.tally.left();
    this.#failures.delete(destination);
  }

  #failed(destination: string, reason: UnavailableError): void {
    this.tally.failed();
    const since = this.#failures.get(destination)?.since ?? this.#nowMs();
    this.#failures.set(destination, { since, reason });
    const destinations = this.#options.settings.mode === 'multicast' ? 1 : this.#hosts.found.length;
    const failures = [...this.#failures.values()];
    if (failures.length < destinations) return;
    if (failures.every((failure) => this.#nowMs() - failure.since >= giveUpAfterMs)) this.#options.onFault(reason);
  }

  // A card that went (an adapter was unplugged) does not always fail a send: the system may choose another one.
  #checkCardLater(): void {
    if (this.#options.settings.networkCard === '') return;
    this.#cancelCheck = this.#options.clock.after(checkCardEveryMs, () => {
      try {
        requireCard(this.#options, this.#socket.local.address);
        this.#checkCardLater();
      } catch (reason) {
        if (!(reason instanceof UnavailableError)) throw reason;
        this.#options.onFault(reason);
      }
    });
  }

  async #drained(): Promise<void> {
    if (this.#pending === 0) return;
    await new Promise<void>((resolve) => {
      const settle = (): void => {
        cancel();
        this.#idle.delete(settle);
        resolve();
      };
      const cancel = this.#options.clock.after(drainMsMax, settle);
      this.#idle.add(settle);
    });
  }

  #nowMs(): Millis {
    return Math.floor(this.#options.clock.nowMicros() / 1000) as Millis;
  }
}

interface Failure {
  /** when sending there began to fail */
  readonly since: Millis;
  readonly reason: UnavailableError;
}

/** 239.255.{high}.{low} [E1.31 9.3.1]
 *  @param universe 1..63999, or the discovery universe */
export function multicastGroup(universe: number): string {
  return `239.255.${universe >> 8}.${universe & 0xff}`;
}

function once<T>(run: (argument: T) => void): (argument: T) => void {
  let ran = false;
  return (argument) => {
    if (ran) return;
    ran = true;
    run(argument);
  };
}

/** @param address the one that the card had before
 *  @returns undefined when the settings leave the choice to the system
 *  @throws UnavailableError 'no-network-card' */
function requireCard({ settings, networkCards }: SacnNetworkOptions, address?: string): NetworkCard | undefined {
  const wanted = settings.networkCard;
  if (wanted === '') return undefined;
  const cards = networkCards().filter((card) => address === undefined || card.address === address);
  return requireNetworkCard(cards, wanted);
}
