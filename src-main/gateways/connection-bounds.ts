import type { Socket } from 'node:net';
import { sourceOf } from '../core/discovery/source-of.ts';

export interface ConnectionLimits {
  readonly connectionsMax: number;
  readonly connectionsPerSource: number;
}

/** Ends connections beyond what one source, and all together, may have open. */
export class ConnectionBounds {
  readonly #limits: ConnectionLimits;
  readonly #open = new Map<string, number>();
  #total = 0;
  refusedTotal = 0;

  constructor(limits: ConnectionLimits) {
    this.#limits = limits;
  }

  /** now */
  get connections(): number {
    return this.#total;
  }

  enter(socket: Socket): void {
    const source = sourceOf(socket.remoteAddress ?? '');
    const open = this.#open.get(source) ?? 0;
    if (open >= this.#limits.connectionsPerSource || this.#total >= this.#limits.connectionsMax) {
      this.refusedTotal++;
      socket.destroy();
      return;
    }
    this.#total++;
    this.#open.set(source, open + 1);
    socket.once('close', () => this.#leave(source));
  }

  #leave(source: string): void {
    this.#total--;
    const open = (this.#open.get(source) ?? 1) - 1;
    if (open > 0) this.#open.set(source, open);
    else this.#open.delete(source);
  }
}
