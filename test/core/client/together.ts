import { createClaspClient } from '../../../src-main/core/client/clasp-client.ts';
import type { ClaspClient } from '../../../src-main/core/client/client-api.ts';
import type { RouterLimits } from '../../../src-main/core/router/limits.ts';
import { MemoryConnection } from '../../../src-main/transports/memory/memory-connection.ts';
import { silentLog } from '../../silent-log.ts';
import { RouterFixture } from '../router/router-fixture.ts';

/** Clients of our own router, over the memory transport. */
export class Together {
  fixture: RouterFixture;
  readonly #limits: Partial<RouterLimits>;
  readonly #connections = new Map<ClaspClient, MemoryConnection>();
  readonly #away = new Set<ClaspClient>();
  #names = 0;

  constructor(limits: Partial<RouterLimits> = {}) {
    this.#limits = limits;
    this.fixture = new RouterFixture(limits);
  }

  async join(): Promise<ClaspClient> {
    const name = `client ${this.#names++}`;
    const client = createClaspClient({
      dial: () => {
        if (this.#away.has(client)) return Promise.reject(new Error('away'));
        const [near, far] = MemoryConnection.pair(name);
        this.#connections.set(client, near);
        this.fixture.router.accept(far);
        return Promise.resolve(near);
      },
      clock: this.fixture.clock,
      random: { fraction: () => 0.5, uuid: () => `resume of ${name}` },
      log: silentLog,
      name,
    });
    client.connect();
    await this.fixture.settle();
    return client;
  }

  async outcome(promise: Promise<unknown>): Promise<unknown> {
    let outcome: unknown = 'waiting';
    promise.then(
      (value) => (outcome = value),
      (error: unknown) => (outcome = error),
    );
    await this.fixture.settle();
    return outcome;
  }

  /** Cuts its connection and lets it come back. */
  async cut(client: ClaspClient): Promise<void> {
    this.#connections.get(client)?.close('cut');
    await this.fixture.settle();
    await this.fixture.clock.advanceAsync(2000);
    await this.fixture.settle();
  }

  /** Cuts its connection and keeps it away until something has happened. */
  async whileAway(client: ClaspClient, happens: () => Promise<void>): Promise<void> {
    this.#away.add(client);
    this.#connections.get(client)?.close('cut');
    await this.fixture.settle();
    await happens();
    this.#away.delete(client);
    client.connect();
    await this.fixture.settle();
  }

  /** Time passes. */
  async pass(ms: number): Promise<void> {
    await this.fixture.clock.advanceAsync(ms);
    await this.fixture.settle();
  }

  /** The router ends with all it knew, and another one takes its place. Clients come back as soon as they are told to. */
  replaceRouter(): void {
    this.fixture = new RouterFixture(this.#limits);
    for (const connection of this.#connections.values()) connection.close('router gone');
  }
}
