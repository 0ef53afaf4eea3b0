import { parseAddress, parsePattern, type Address } from '../contract/address.ts';
import { blackoutAddress, masterAddress, parkPrefix, type SlotLevel, type SlotPlace } from '../contract/dmx.ts';
import { InputError } from '../contract/errors.ts';
import type { Cancel } from '../contract/message-link.ts';
import type { Bridge, ShowDocument } from '../contract/show.ts';
import { bool, f64, integer, nullValue, type Signal, type Value } from '../contract/signal.ts';
import { millis } from '../contract/units.ts';
import { readDeskWish, type ParkPlace } from '../core/dmx/desk/desk-params.ts';
import { UniverseDesk } from '../core/dmx/desk/universe-desk.ts';
import type { Delivery, LocalSession } from '../core/router/delivery/delivery.ts';
import type { Router } from '../core/router/router.ts';
import type { Clock } from '../ports/clock.ts';

/** How long a level is held for a test that nobody renews: a page that went leaves no lamp on. */
export const testHeldFor = millis(2000);

export interface DmxControlOptions {
  readonly router: Pick<Router, 'openLocal' | 'judgeOwn' | 'current' | 'get'>;
  readonly clock: Clock;
}

/** Keeps the desk as the params under `/flyrail/dmx` say, whoever wrote them: a client, a mapping, the window, or the journal
 *  of an earlier run. They are the machine's, not the show's: they outlive the show on the table and a restart. */
export class DmxControl {
  readonly desk = new UniverseDesk();
  readonly #options: DmxControlOptions;
  readonly #session: LocalSession;
  /** what is parked, by the address of its slot */
  readonly #parked = new Map<string, ParkPlace & { readonly level: number }>();
  readonly #tests = new Map<string, { readonly place: SlotPlace; readonly level: number; readonly cancel: Cancel }>();
  #bridges: readonly Bridge[] = [];
  #showId: string | undefined;

  /** Begins with what the router holds. */
  constructor(options: DmxControlOptions) {
    const { router } = options;
    this.#options = options;
    router.judgeOwn('/flyrail/dmx/', (address, value) => {
      const wish = readDeskWish(address, value);
      return wish.is === 'bad' ? wish.why : undefined;
    });
    this.#session = router.openLocal('desk');
    const all = parsePattern('/flyrail/dmx/**');
    for (const { address, value } of router.current(all)) this.#follow(address, value);
    this.#session.subscribe(all, (deliveries) => this.#hear(deliveries));
  }

  /** The show on the table: its bridges, and what is patched. */
  load(before: ShowDocument | undefined, { id, bridges, profiles, patch, softPatch, settings }: ShowDocument): void {
    const isSame = before?.profiles === profiles && before.patch === patch && before.softPatch === softPatch;
    if (!isSame || before.settings.dmx !== settings.dmx)
      this.desk.load({ profiles, patch, softPatch, blackout: settings.dmx.blackout });
    if (this.#bridges !== bridges) this.#parkFor(bridges);
    // What Flyrail itself had set went from the router with the show before.
    if (this.#showId !== id) this.#restate();
    this.#showId = id;
  }

  /** Parks a slot for as long as it is asked for again, at least every `testHeldFor`; level null ends it. What is asked for
   *  meanwhile, and what was parked, is there again afterwards.
   *  @throws InputError 'unknown-id' */
  test({ level, ...place }: SlotLevel): void {
    this.addressOf(place);
    const key = keyOf(place);
    this.#tests.get(key)?.cancel();
    if (level === null) return this.#endTest(key);
    const cancel = this.#options.clock.after(testHeldFor, () => this.#endTest(key));
    this.#tests.set(key, { place, level, cancel });
    this.desk.park(place.bridgeId, place, level);
  }

  /** @returns the param that parks a slot
   *  @throws InputError 'unknown-id' for a bridge that the show does not have */
  parkSignal({ level, ...place }: SlotLevel): Signal {
    const address = parseAddress(`${parkPrefix}${this.addressOf(place)}`);
    return { kind: 'param', address, value: level === null ? nullValue : integer(level) };
  }

  /** What lets go of everything that is parked. */
  unparkSignals(): readonly Signal[] {
    return [...this.#parked.keys()].map((slot) => param(`${parkPrefix}${slot}`, nullValue));
  }

  /** @throws InputError 'unknown-id' */
  addressOf({ bridgeId, universe, slot }: SlotPlace): Address {
    const bridge = this.#bridges.find(({ id }) => id === bridgeId);
    if (!bridge) throw new InputError('unknown-id', `The show has no bridge ${bridgeId}. Nothing was changed.`);
    return parseAddress(`${bridge.settings.prefix}/${universe}/${slot}`);
  }

  stop(): void {
    for (const { cancel } of this.#tests.values()) cancel();
    this.#session.close();
  }

  #hear(deliveries: readonly Delivery[]): void {
    for (const { signal } of deliveries) {
      this.#follow(signal.address, signal.value);
      // An event or a stream, from a fader that sends nothing else, becomes what stays.
      if (signal.kind !== 'param')
        this.#session.publish([{ kind: 'param', address: signal.address, value: signal.value }]);
    }
  }

  #follow(address: Address, value: Value): void {
    const wish = readDeskWish(address, value);
    switch (wish.is) {
      case 'master':
        return this.desk.setMaster(wish.level);
      case 'blackout':
        return this.desk.setBlackout(wish.on);
      case 'park':
        return this.#park(wish.slot, wish.level);
      case 'bad':
        return undefined;
      default:
        return wish satisfies never;
    }
  }

  #park(place: ParkPlace, level: number | undefined): void {
    const { prefix, universe, slot } = place;
    const key = `${prefix}/${universe}/${slot}`;
    if (level === undefined) this.#parked.delete(key);
    else this.#parked.set(key, { ...place, level });
    for (const { id, settings } of this.#bridges) {
      const isTested = this.#tests.has(keyOf({ bridgeId: id, universe, slot }));
      if (settings.prefix === prefix && !isTested) this.desk.park(id, { universe, slot }, level);
    }
  }

  #endTest(key: string): void {
    const test = this.#tests.get(key);
    if (!test) return;
    this.#tests.delete(key);
    const { bridgeId, ...place } = test.place;
    const bridge = this.#bridges.find(({ id }) => id === bridgeId);
    const parked = bridge && this.#parked.get(`${bridge.settings.prefix}/${place.universe}/${place.slot}`);
    this.desk.park(bridgeId, place, parked?.level);
  }

  /** Bridges came, went, or have other prefixes. */
  #parkFor(bridges: readonly Bridge[]): void {
    const before = this.#bridges;
    this.#bridges = bridges;
    const prefixes = new Map(before.map(({ id, settings }) => [id, settings.prefix]));
    const now = new Map(bridges.map(({ id, settings }) => [id, settings.prefix]));
    const isAt = (prefixOf: ReadonlyMap<string, string>, id: string, prefix: string): boolean =>
      prefixOf.get(id) === prefix;
    // A slot may be parked under both the prefix that a bridge had and the one that it has.
    for (const { prefix, universe, slot } of this.#parked.values())
      for (const id of prefixes.keys())
        if (isAt(prefixes, id, prefix) && !isAt(now, id, prefix)) this.desk.park(id, { universe, slot }, undefined);
    for (const { prefix, universe, slot, level } of this.#parked.values())
      for (const id of now.keys()) if (isAt(now, id, prefix)) this.desk.park(id, { universe, slot }, level);
  }

  /** Says again what still holds. */
  #restate(): void {
    const { router } = this.#options;
    const parked = [...this.#parked].map(([slot, { level }]) => param(`${parkPrefix}${slot}`, integer(level)));
    const { master, isBlackout } = this.desk;
    const held = [
      ...(master === 1 ? [] : [param(masterAddress, f64(master))]),
      ...(isBlackout ? [param(blackoutAddress, bool(true))] : []),
      ...parked,
    ];
    this.#session.publish(held.filter(({ address }) => router.get(address) === undefined));
  }
}

function param(address: string, value: Value): Signal {
  return { kind: 'param', address: parseAddress(address), value };
}

function keyOf({ bridgeId, universe, slot }: SlotPlace): string {
  return `${bridgeId} ${universe} ${slot}`;
}
