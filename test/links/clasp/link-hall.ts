import { afterEach } from 'vitest';
import { parseAddress, parsePattern } from '../../../src-main/contract/address.ts';
import { claspBridgeSchema } from '../../../src-main/contract/bridges/clasp.ts';
import { emptyShow, type ClaspBridge } from '../../../src-main/contract/show.ts';
import type { Signal, Value } from '../../../src-main/contract/signal.ts';
import { f64 } from '../../../src-main/contract/signal.ts';
import type { TokenVerifier } from '../../../src-main/ports/token-verifier.ts';
import type { Connection } from '../../../src-main/ports/transport.ts';
import { createRouter } from '../../../src-main/core/router/router.ts';
import type { Scope } from '../../../src-main/contract/scope.ts';
import { createShowRunner } from '../../../src-main/engine/show-runner.ts';
import { createSystemClock } from '../../../src-main/platform/system-clock.ts';
import { createSystemRandom } from '../../../src-main/platform/system-random.ts';
import { MemoryConnection } from '../../../src-main/transports/memory/memory-connection.ts';
import { silentLog } from '../../silent-log.ts';
import { until } from '../../until.ts';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const clock = createSystemClock();
const random = createSystemRandom();

export interface Place {
  readonly secrets: Map<string, string>;
  readonly signals: Signal[];
  scopes: readonly Scope[] | undefined;
  router: ReturnType<typeof createRouter>;
  readonly runner: ReturnType<typeof createShowRunner>;
  link(...links: readonly ClaspBridge[]): Promise<void>;
  set(address: string, value?: Value): void;
  publish(...signals: readonly Signal[]): void;
  value(address: string): Value | undefined;
  /** every param but the marks */
  params(): readonly string[];
  status(id: string): ReturnType<ReturnType<typeof createShowRunner>['devices']>[number] | undefined;
}

/** Routers of ours that reach each other by `tcp://NAME`, without a network. */
export class LinkHall {
  readonly places = new Map<string, Place>();
  readonly away = new Set<string>();
  readonly #connections = new Map<string, Connection[]>();
  dials = 0;

  place(name: string): Place {
    const secrets = new Map<string, string>();
    const signals: Signal[] = [];
    const router = this.#router(name, signals);
    const links = {
      routerId: `id of ${name}`,
      secret: (each: string) => Promise.resolve(secrets.get(each)),
      openDialler: () =>
        Promise.resolve({ dial: (url: string) => this.#dial(new URL(url).hostname), abandon: () => undefined }),
    };
    const hub = { emit: () => undefined };
    const runner = createShowRunner({ router, clock, random, log: silentLog, hub, links, onLive: () => undefined });
    closers.push(() => runner.stop());
    const place: Place = {
      ...{ secrets, signals, router, runner, scopes: undefined },
      link: async (...bridges) => {
        runner.apply({ ...emptyShow('gala', 'Gala'), bridges: [...bridges] });
        await until('links', () => runner.devices().every(({ state }) => state !== 'connecting'));
      },
      set: (address, value = f64(1)) => place.publish({ kind: 'param', address: parseAddress(address), value }),
      publish: (...each) => void place.router.openLocal('hand').publish(each),
      value: (address) => place.router.get(parseAddress(address)),
      params: () =>
        place.router
          .current(parsePattern('/**'))
          .map(({ address }) => address as string)
          .filter((address) => !address.endsWith('/flyrail/router'))
          .toSorted(),
      status: (id) => runner.devices().find(({ bridgeId }) => bridgeId === id),
    };
    this.places.set(name, place);
    return place;
  }

  cut(name: string): void {
    for (const connection of this.#connections.get(name)?.splice(0) ?? []) connection.close('cut');
  }

  /** The router ends with all it knew, and an empty one takes its place. */
  replace(name: string): void {
    const place = this.#placeOf(name);
    this.cut(name);
    place.router = this.#router(name, place.signals);
  }

  askForTokens(name: string, verifier: TokenVerifier): void {
    this.#placeOf(name).router.guard.askForTokens(verifier);
  }

  #router(name: string, signals: Signal[]): ReturnType<typeof createRouter> {
    const router = createRouter({ clock, random, log: silentLog, name, defer: setImmediate });
    router.tap(({ signal }) => signals.push(signal));
    return router;
  }

  #placeOf(name: string): Place {
    const place = this.places.get(name);
    if (!place) throw new Error(`there is no ${name}`);
    return place;
  }

  #dial(name: string): Promise<Connection> {
    this.dials++;
    if (this.away.has(name)) return Promise.reject(new Error(`${name} is away`));
    const place = this.#placeOf(name);
    const [near, far] = MemoryConnection.pair(name);
    this.#connections.set(name, [...(this.#connections.get(name) ?? []), near]);
    place.router.accept(far, place.scopes);
    return Promise.resolve(near);
  }
}

export function linkTo(name: string, settings: Partial<ClaspBridge['settings']> = {}): ClaspBridge {
  return claspBridgeSchema.parse({
    ...{ id: name, number: 1, name, enabled: true, kind: 'clasp' },
    settings: { url: `tcp://${name}`, prefix: `/${name}`, ...settings },
  });
}
