import { micros, type Micros } from '../../../contract/units.ts';
import type { ArtPollReply } from './art-poll-reply.ts';

/** Replies that are kept, one for each node and bind index. */
export const nodesMax = 2048;
/** Beyond this a node that answers every poll would have answered: polls go out every 2.9 s at most, and nodes take 1 s. */
export const lateAfterMicros = 4_000_000;
/** Three polls without an answer: nothing is sent to it any more. [Art-Net 4, ArtPoll: 3 s to answer] */
export const lostAfterMicros = 10_000_000;

/** A node, or one of its pages, as it answered last. */
export interface ArtnetNode {
  /** where the answer came from, which is where it is sent to */
  readonly address: string;
  readonly bindIndex: number;
  readonly name: string;
  /** port addresses that it puts out */
  readonly outputs: readonly number[];
  readonly inputs: readonly number[];
  readonly repliedAt: Micros;
}

/** Who is on the network and wants what, by what nodes answer to polls. */
export class ArtnetNodes {
  readonly #nodes = new Map<string, ArtnetNode>();
  /** addresses of nodes by the port address that they put out; made anew when that changed */
  #subscribers: Map<number, readonly string[]> | undefined;

  get all(): readonly ArtnetNode[] {
    return [...this.#nodes.values()];
  }

  /** @param from who sent it: nodes behind one that binds them have its address inside
   *  @returns whether the node was not there, or puts out something else now */
  heard(reply: ArtPollReply, from: string, now: Micros): boolean {
    const key = `${from} ${reply.bindIndex}`;
    const known = this.#nodes.get(key);
    if (!known && this.#nodes.size >= nodesMax) return false;
    const { bindIndex, inputs, universes: outputs } = reply;
    const name = reply.longName || reply.shortName || from;
    this.#nodes.set(key, { address: from, bindIndex, name, outputs, inputs, repliedAt: now });
    const isOther = !known || known.outputs.join() !== outputs.join();
    if (isOther) this.#subscribers = undefined;
    return isOther;
  }

  /** The network was away from here, and its silence is nobody's: all that were there have the usual time again. */
  forgive(now: Micros): void {
    for (const [key, node] of this.#nodes) this.#nodes.set(key, { ...node, repliedAt: now });
  }

  /** Takes out who was silent too long.
   *  @returns them */
  look(now: Micros): readonly ArtnetNode[] {
    const lost: ArtnetNode[] = [];
    for (const [key, node] of this.#nodes) {
      if (now - node.repliedAt < lostAfterMicros) continue;
      this.#nodes.delete(key);
      lost.push(node);
    }
    if (lost.length > 0) this.#subscribers = undefined;
    return lost;
  }

  /** @returns addresses of the nodes that put this out, each once */
  subscribersOf(portAddress: number): readonly string[] {
    this.#subscribers ??= this.#index();
    return this.#subscribers.get(portAddress) ?? [];
  }

  /** When the node at this address answered last for a port address; undefined for one that does not put it out. */
  repliedAt(address: string, portAddress: number): Micros | undefined {
    let newest = -Infinity;
    for (const node of this.#nodes.values())
      if (node.address === address && node.outputs.includes(portAddress)) newest = Math.max(newest, node.repliedAt);
    return newest === -Infinity ? undefined : micros(newest);
  }

  #index(): Map<number, readonly string[]> {
    const index = new Map<number, string[]>();
    for (const { address, outputs } of this.#nodes.values()) {
      for (const portAddress of outputs) {
        const addresses = index.get(portAddress);
        if (!addresses) index.set(portAddress, [address]);
        else if (!addresses.includes(address)) addresses.push(address);
      }
    }
    return index;
  }
}
