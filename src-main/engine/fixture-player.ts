import { parseAddress, parsePattern, type Address } from '../contract/address.ts';
import type { Fixture } from '../contract/fixture.ts';
import { layPatch, type PatchedFixture } from '../contract/patched-fixture.ts';
import type { Bridge, ShowDocument } from '../contract/show.ts';
import { integer, type Signal, type Value } from '../contract/signal.ts';
import type { Micros } from '../contract/units.ts';
import { FixtureChannels, homeKey, type SlotLevel } from '../core/dmx/fixture/fixture-channels.ts';
import type { Delivery, LocalSession } from '../core/router/delivery/delivery.ts';
import type { Router } from '../core/router/router.ts';

const prefix = '/fixtures/';

/** The name a fixture publishes under in the router. */
export function fixtureNameOf(fixtureId: string): string {
  return `fixture:${fixtureId}`;
}

export interface FixturePlayerOptions {
  readonly router: Pick<Router, 'openLocal' | 'judgeOwn' | 'current' | 'params'>;
}

interface Played {
  readonly channels: FixtureChannels;
  /** where its slots are: `/sacn/1/` */
  readonly base: string;
  readonly session: LocalSession;
}

interface Playing {
  readonly key: string;
  readonly value: Value;
  readonly cause?: Delivery['cause'];
  /** when it was asked for, where that was before: what was set since stays */
  readonly since?: Micros | undefined;
}

/** Lays what comes for `/fixtures/{name}/{channel}` on slots, as params of the bridge that the fixture is patched to. All
 *  slots of a channel are set in one turn, so that coarse and fine leave in one frame. */
export class FixturePlayer {
  readonly #options: FixturePlayerOptions;
  readonly #ears: LocalSession;
  #bySegment = new Map<string, Played>();
  #lists: Pick<ShowDocument, 'profiles' | 'patch' | 'bridges'> | undefined;

  constructor(options: FixturePlayerOptions) {
    this.#options = options;
    options.router.judgeOwn(prefix, (address, value) => this.#judge(address, value));
    this.#ears = options.router.openLocal('fixtures');
    this.#ears.subscribe(parsePattern(`${prefix}**`), (deliveries) => this.#hear(deliveries));
  }

  /** These fixtures and no others. One that moved goes on where it is now; the slots it had go dark, unless somebody else has
   *  set them since. */
  load({ profiles, patch, bridges }: ShowDocument): void {
    const lists = this.#lists;
    if (lists?.profiles === profiles && lists.patch === patch && lists.bridges === bridges) return;
    this.#lists = { profiles, patch, bridges };
    const before = this.#bySegment;
    const next = new Map<string, Played>();
    const begun: Played[] = [];
    for (const patched of layPatch({ profiles, patch })) {
      const channels = new FixtureChannels(patched);
      const base = baseOf(patched.fixture, bridges);
      if (base === undefined) continue;
      const same = before.get(channels.segment);
      if (same?.base === base && isSame(same.channels.patched, patched)) {
        next.set(channels.segment, same);
        continue;
      }
      const session = this.#options.router.openLocal(fixtureNameOf(patched.fixture.id));
      const played = { channels, base, session };
      next.set(channels.segment, played);
      begun.push(played);
    }
    const kept = new Set(next.values());
    this.#bySegment = next;
    const taken = new Set(begun.flatMap(({ channels, base }) => channels.slots.map((slot) => `${base}${slot}`)));
    for (const played of before.values()) if (!kept.has(played)) this.#letGo(played, taken);
    if (begun.length > 0) this.#resume(new Set(begun));
  }

  /** The fixture that has this part of an address. */
  bySegment(segment: string): FixtureChannels | undefined {
    return this.#bySegment.get(segment)?.channels;
  }

  stop(): void {
    this.#ears.close();
    for (const { session } of this.#bySegment.values()) session.close();
  }

  #hear(deliveries: readonly Delivery[]): void {
    for (const { signal, cause, at } of deliveries) {
      const { played, key } = this.#find(signal.address);
      if (!played) continue;
      const because = `${played.channels.patched.fixture.name}, ${key}`;
      const led = { ...cause, because, hops: (cause?.hops ?? 0) + 1, arrivedAt: cause?.arrivedAt ?? at };
      this.#play(played, { key, value: signal.value, cause: led });
    }
  }

  #play(played: Played, { key, value, cause, since }: Playing): void {
    const levels = played.channels.levels(key, value);
    if (typeof levels === 'string') return;
    const defaults = key === homeKey ? [] : this.#unset(played);
    const all = new Map([...defaults, ...levels].map((each) => [each.slot, each]));
    const wanted = [...all.values()].filter(
      ({ slot }) => since === undefined || !this.#isTaken(`${played.base}${slot}`, since),
    );
    played.session.publish(
      wanted.map(({ slot, level }) => param(`${played.base}${slot}`, level)),
      cause,
    );
  }

  /** Whether somebody who is no fixture has set a slot since. */
  #isTaken(address: string, since: Micros): boolean {
    const standing = this.#options.router.params.get(address);
    return standing !== undefined && !standing.writer.startsWith(fixtureNameOf('')) && standing.timestamp > since;
  }

  /** A head whose dimmer goes up must not look where nobody sent it: what nobody has set yet gets its default. */
  #unset({ channels, base }: Played): readonly SlotLevel[] {
    const { params } = this.#options.router;
    return channels.home().filter(({ slot }) => params.get(`${base}${slot}`) === undefined);
  }

  #letGo({ channels, base, session }: Played, taken: ReadonlySet<string>): void {
    const { params } = this.#options.router;
    const name = fixtureNameOf(channels.patched.fixture.id);
    const left = channels.slots.map((slot) => `${base}${slot}`).filter((address) => !taken.has(address));
    session.publish(left.filter((address) => params.get(address)?.writer === name).map((address) => param(address, 0)));
    session.close();
  }

  /** What stands at the addresses of fixtures that are new here. */
  #resume(begun: ReadonlySet<Played>): void {
    const { current, params } = this.#options.router;
    for (const { address, value } of current(parsePattern(`${prefix}**`))) {
      const { played, key } = this.#find(address);
      const since = params.get(address)?.timestamp;
      if (played && begun.has(played) && key !== homeKey) this.#play(played, { key, value, since });
    }
  }

  #judge(address: Address, value: Value): string | undefined {
    const { played, key } = this.#find(address);
    const levels = played?.channels.levels(key, value);
    return typeof levels === 'string' ? levels : undefined;
  }

  #find(address: Address): { readonly played: Played | undefined; readonly key: string } {
    const rest = address.slice(prefix.length);
    const slash = rest.indexOf('/');
    if (slash < 0) return { played: undefined, key: '' };
    return { played: this.#bySegment.get(rest.slice(0, slash)), key: rest.slice(slash + 1) };
  }
}

function isSame(
  { fixture: one, profile: before }: PatchedFixture,
  { fixture: other, profile }: PatchedFixture,
): boolean {
  return (
    one.id === other.id &&
    one.name === other.name &&
    one.slot === other.slot &&
    one.mode === other.mode &&
    before === profile
  );
}

/** @returns undefined where the show does not have the bridge */
function baseOf({ bridgeId, universe }: Fixture, bridges: readonly Bridge[]): string | undefined {
  const bridge = bridges.find(({ id }) => id === bridgeId);
  return bridge && `${bridge.settings.prefix}/${universe}/`;
}

function param(address: string, level: number): Signal {
  return { kind: 'param', address: parseAddress(address), value: integer(level) };
}
