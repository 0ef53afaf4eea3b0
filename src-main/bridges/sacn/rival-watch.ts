import process from 'node:process';
import type { NetworkCard } from '../../contract/device.ts';
import { millis } from '../../contract/units.ts';
import { DmxInput } from '../../core/dmx/dmx-input.ts';
import { networkLossMs, SacnInput } from '../../core/dmx/sacn-input.ts';
import { UdpSocket } from '../../platform/udp-socket.ts';
import type { Clock } from '../../ports/clock.ts';
import { listeningCards } from './sacn-cards.ts';
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
}

/** Somebody else who sends a universe that we send. */
export interface Rival {
  readonly universe: number;
  readonly name: string;
  readonly priority: number;
}

/** Hears who else sends the universes that an output sends. It takes nothing from others: what is sent to this machine alone
 *  goes to whoever listens for it, and that a group cannot be heard harms nobody. */
export class RivalWatch {
  readonly #options: RivalWatchOptions;
  readonly #ears = new Map<number, Promise<{ close(): Promise<void> } | undefined>>();
  readonly #packets: SacnInput;
  /** who is heard, as the desk asks for it */
  readonly heard: DmxInput;
  #isClosed = false;

  constructor(options: RivalWatchOptions) {
    this.#options = options;
    const { clock, cid } = options;
    const merge = { rule: 'htp' as const, sourcesMax: rivalsMax, lostAfter: networkLossMs, settle: millis(0) };
    this.heard = new DmxInput({ form: 'frames', merge, prefix: '/', clock, publish: () => undefined });
    this.#packets = new SacnInput({
      clock,
      input: this.heard,
      covers: (universe) => this.#ears.has(universe),
      isOwnCid: (other) => other === cid.toLowerCase(),
      settings: { takesPreview: false, followsSync: false },
    });
  }

  /** By universe, ascending. */
  get rivals(): readonly Rival[] {
    return this.heard.universes().flatMap((universe) =>
      (this.heard.heard(universe)?.sources ?? []).map(({ name, address, priority }) => ({
        universe,
        name: name || address,
        priority,
      })),
    );
  }

  /** Watches these universes and no others. */
  follow(universes: readonly number[]): void {
    if (this.#isClosed) return;
    const wanted = new Set(universes.toSorted((one, other) => one - other).slice(0, watchedMax));
    for (const [universe, ear] of this.#ears) {
      if (wanted.has(universe)) continue;
      this.#ears.delete(universe);
      void ear.then((open) => open?.close());
    }
    this.#packets.leaveOut();
    for (const universe of wanted) {
      if (this.#ears.has(universe)) continue;
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
    this.heard.stop();
    await Promise.all([...this.#ears.values()].map(async (ear) => (await ear)?.close()));
  }

  async #listen(universe: number): Promise<{ close(): Promise<void> } | undefined> {
    const { port, networkCards, networkCard } = this.#options;
    const group = multicastGroup(universe);
    const cards = listeningCards(networkCards(), networkCard);
    // Bound to the group it gets nothing else; Windows binds to no group.
    const address = process.platform === 'win32' ? '0.0.0.0' : group;
    const socket = await UdpSocket.open({
      ...{ address, port, shared: true },
      onMessage: (bytes, from) => this.#packets.hear(bytes, from.address),
      onError: () => this.#ears.delete(universe),
    }).catch(() => undefined);
    if (!socket) return undefined;
    const joined = cards.filter((card) => socket.join(group, card));
    if (joined.length > 0 && !this.#isClosed) return socket;
    await socket.close();
    return undefined;
  }
}
