import type { Millis } from '../contract/units.ts';
import type { Clock } from '../ports/clock.ts';
import type { Connection } from '../ports/transport.ts';

/** A connection that can be dropped without waiting for its peer. */
export type Droppable = Connection & { terminate(reason: string): void };

/** What is open on one listener. */
export class OpenConnections {
  readonly #connections = new Set<Droppable>();

  get size(): number {
    return this.#connections.size;
  }

  /** Until it closes. */
  add(connection: Droppable): void {
    this.#connections.add(connection);
    connection.onClose(() => this.#connections.delete(connection));
  }

  /** Settles when all are gone. @param withinMs for peers to answer; then they are dropped */
  async closeAll(
    reason: string,
    { clock, withinMs }: { readonly clock: Clock; readonly withinMs: Millis },
  ): Promise<void> {
    const connections = [...this.#connections];
    const gone = connections.map((connection) => new Promise<void>((resolve) => connection.onClose(() => resolve())));
    for (const connection of connections) connection.close(reason);
    const cancel = clock.after(withinMs, () => {
      for (const connection of connections) connection.terminate(reason);
    });
    await Promise.all(gone);
    cancel();
  }
}
