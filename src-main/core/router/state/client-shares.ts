import { nothing, type TimelineShare } from '../../timeline/timeline-room.ts';
import type { Origin } from '../delivery/delivery.ts';

/** What each client has put of timelines, over all its sessions, for as long as it is known. */
export class ClientShares {
  readonly #shares = new WeakMap<object, TimelineShare>();
  readonly #names = new WeakMap<object, string>();

  /** @returns undefined for participants in the process, which have no bounds of their own */
  of(origin: Origin | undefined): TimelineShare | undefined {
    if (!origin || origin.fromLocal) return undefined;
    const client = origin.owner.client ?? origin.owner;
    const known = this.#shares.get(client);
    if (known) return known;
    const share: TimelineShare = { amount: nothing };
    this.#shares.set(client, share);
    this.#names.set(share, origin.owner.name || origin.name);
    return share;
  }

  /** What the client of a share calls itself, else its session's id; empty for what is no client's share. */
  nameOf(share: object): string {
    return this.#names.get(share) ?? '';
  }
}
