import process from 'node:process';
import type { NetworkCard } from '../../contract/device.ts';
import { millis, type Micros } from '../../contract/units.ts';
import { DmxInput } from '../../core/dmx/dmx-input.ts';
import { networkLossMs, SacnInput } from '../../core/dmx/sacn-input.ts';
import { UdpSocket, type UdpEndpoint } from '../../platform/udp-socket.ts';
import type { Clock } from '../../ports/clock.ts';
import type { DeskInput } from '../../ports/dmx-desk.ts';
import { listeningCards, NearSenders } from './sacn-cards.ts';
import { multicastGroup } from './sacn-network.ts';

/** Universes that are watched, the lowest of those that are sent; each has a socket. */
export const watchedMax = 128;
/** Sources of one universe that are told. */
const rivalsMax = 16;

export interface RivalWatchOptions {
  readonly clock: Clock;
  readonly networkCards: () => readonly NetworkCard[];
  /** name or address; empty for all */
  readonly networkCard: string;
  readonly port: number;
  /** component identifier of our own output */
  readonly cid: string;
  /** the UDP port that our own packets come from; undefined while they come from none */
  readonly ownPort: () => number | undefined;
}

/** Somebody else who sends a universe that we send. */
export interface Rival {
  readonly universe: number;
  readonly name: string;
  readonly priority: number;
}

/** Somebody else who sends a universe as us: receivers take both for one source. */
export interface Twin {
  readonly universe: number;
  readonly address: string;
}

/** Hears who else sends the universes that an output sends. It takes nothing from others: what is sent to this machine alone
 *  goes to whoever listens for it, and that a group cannot be heard harms nobody. */
export class RivalWatch {
  readonly #options: RivalWatchOptions;
  readonly #ears = new Map<number, Promise<UdpSocket | undefined>>();
  readonly #closing = new Set<Promise<void>>();
  readonly #packets: SacnInput;
  readonly #input: DmxInput;
  readonly #near: NearSenders;
  /** by universe */
  readonly #twins = new Map<number, Twin & { readonly heardAt: Micros }>();
  /** of the datagram that is read */
  #from: UdpEndpoint | undefined;
  #isClosed = false;

  constructor(options: RivalWatchOptions) {
    this.#options = options;
    const { clock, cid } = options;
    this.#near = new NearSenders(options.networkCards);
    const merge = { rule: 'htp' as const, sourcesMax: rivalsMax, lostAfter: networkLossMs, settle: millis(0) };
    this.#input = new DmxInput({ form: 'nothing', merge, prefix: '', clock, publish: () => undefined });
    this.#packets = new SacnInput({
      clock,
      input: this.#input,
      covers: (universe) => this.#ears.has(universe),
      isOwnCid: (other) => other === cid.toLowerCase(),
      onOwn: (universe) => this.#hearOwn(universe),
      settings: { takesPreview: false, followsSync: false },
    });
  }

  /** Who is heard, as the desk asks for it: who of them wins says nothing, as ours is not among them. */
  get heard(): DeskInput {
    const input = this.#input;
    return {
      universes: () => input.universes(),
      heard: (universe) => {
        const heard = input.heard(universe);
        return heard && heard.sources.length > 0 ? { ...heard, winnerOf: () => undefined } : undefined;
      },
    };
  }

  /** By universe, ascending. */
  get rivals(): readonly Rival[] {
    return this.#input.universes().flatMap((universe) =>
      (this.#input.heard(universe)?.sources ?? []).map(({ name, address, priority }) => ({
        universe,
        name: name || address,
        priority,
      })),
    );
  }

  /** By universe, ascending: a show that runs on two machines, say. */
  get twins(): readonly Twin[] {
    const lostAt = this.#options.clock.nowMicros() - networkLossMs * 1000;
    return [...this.#twins.values()]
      .filter(({ universe, heardAt }) => heardAt > lostAt && this.#ears.has(universe))
      .sort((one, other) => one.universe - other.universe);
  }

  /** Watches these universes and no others. */
  follow(universes: readonly number[]): void {
    if (this.#isClosed) return;
    this.#near.choose(this.#options.networkCard);
    const wanted = new Set(universes.toSorted((one, other) => one - other).slice(0, watchedMax));
    for (const [universe, ear] of this.#ears) {
      if (wanted.has(universe)) continue;
      this.#ears.delete(universe);
      const closing = ear.then((open) => open?.close()).finally(() => this.#closing.delete(closing));
      this.#closing.add(closing);
    }
    this.#packets.leaveOut();
    for (const universe of wanted) {
      const known = this.#ears.get(universe);
      if (known) {
        // Cards come and go, and one that came back has forgotten its groups.
        void known.then((socket) => socket && this.#join(socket, universe));
        continue;
      }
      const opening = this.#listen(universe);
      this.#ears.set(universe, opening);
      // What failed is tried again when it is asked for again.
      void opening.then((open) => {
        if (!open && this.#ears.get(universe) === opening) this.#ears.delete(universe);
      });
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#input.stop();
    await Promise.all([...this.#closing, ...[...this.#ears.values()].map(async (ear) => (await ear)?.close())]);
  }

  async #listen(universe: number): Promise<UdpSocket | undefined> {
    // Bound to the group it gets nothing else; Windows binds to no group.
    const address = process.platform === 'win32' ? '0.0.0.0' : multicastGroup(universe);
    const socket = await UdpSocket.open({
      ...{ address, port: this.#options.port, shared: true },
      onMessage: (bytes, from) => {
        if (!this.#near.isNear(from.address)) return;
        this.#from = from;
        this.#packets.hear(bytes, from.address);
      },
      onError: () => this.#ears.delete(universe),
    }).catch(() => undefined);
    if (!socket) return undefined;
    if (this.#join(socket, universe) && !this.#isClosed) return socket;
    await socket.close();
    return undefined;
  }

  /** What leaves our own socket comes back to this machine. */
  #hearOwn(universe: number): void {
    const [from, own] = [this.#from, this.#options.ownPort()];
    if (!from || own === undefined || from.port === own) return;
    this.#twins.set(universe, { universe, address: from.address, heardAt: this.#options.clock.nowMicros() });
  }

  /** @returns whether it is heard on any card */
  #join(socket: UdpSocket, universe: number): boolean {
    const { networkCards, networkCard } = this.#options;
    const cards = listeningCards(networkCards(), networkCard);
    return cards.filter((card) => socket.join(multicastGroup(universe), card) !== 'no').length > 0;
  }
}
