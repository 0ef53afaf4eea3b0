import { portAddressWords } from '../contract/bridges/port-address.ts';
import { universesOf } from '../contract/bridges/universes-of.ts';
import { tryAddress, type Address } from '../contract/address.ts';
import type { DmxPlace, SlotFixture, SlotPlace, SlotView, UniverseEntry, UniverseView } from '../contract/dmx.ts';
import { InputError } from '../contract/errors.ts';
import { fixtureSegment, rawMaxOf } from '../contract/fixture.ts';
import type { Bridge, ShowDocument } from '../contract/show.ts';
import { rawOf, resized } from '../core/dmx/fixture/channel-value.ts';
import type { DeskUniverse, UniverseDesk } from '../core/dmx/desk/universe-desk.ts';
import { agoWords } from '../core/dmx/silent-universes.ts';
import { tryToLongForm } from '../core/dmx/artnet/port-address.ts';
import { UniverseSources } from '../core/dmx/desk/universe-sources.ts';
import type { HeardUniverse } from '../ports/dmx-desk.ts';
import { describeDrivers, driversOf, type DriverSources } from './slot-drivers.ts';

/** Universes of one bridge that are listed though they have not begun; ranges may have thousands. */
export const waitingMax = 64;

export interface DmxViewsOptions extends DriverSources {
  readonly desk: UniverseDesk;
  readonly document: () => ShowDocument;
}

/** What an operator sees of DMX: which universes run, what leaves in each slot, and who drives it. */
export class DmxViews {
  readonly #options: DmxViewsOptions;

  constructor(options: DmxViewsOptions) {
    this.#options = options;
  }

  /** Universes that run, and those that have not begun, so that they can be patched; by bridge in the show's order. */
  list(): readonly UniverseEntry[] {
    const { desk, document } = this.#options;
    return document().bridges.flatMap((bridge) => {
      const { id, name, kind } = bridge;
      const { sent, heard } = desk.universesOf(id);
      const entry = (universe: number, direction: 'out' | 'in', isRunning: boolean): UniverseEntry => ({
        ...{ bridgeId: id, bridgeName: name, universe, direction, isRunning },
        shown: kind === 'artnet' ? portAddressWords(universe) : String(universe),
        parked: desk.look(id, universe).parked.size,
      });
      const waiting = sentBy(bridge).filter((universe) => !sent.includes(universe) && !heard.includes(universe));
      const all = [...sent, ...waiting].sort((one, other) => one - other);
      return [
        ...all.map((universe) => entry(universe, 'out', sent.includes(universe))),
        ...heard.map((universe) => entry(universe, 'in', true)),
      ];
    });
  }

  /** @throws InputError 'unknown-id' for a bridge that the show does not have */
  universe(place: DmxPlace): UniverseView {
    this.#bridge(place);
    return this.#look(place);
  }

  /** @returns undefined for a bridge that the show does not have */
  tryUniverse(place: DmxPlace): UniverseView | undefined {
    return this.#options.document().bridges.some(({ id }) => id === place.bridgeId) ? this.#look(place) : undefined;
  }

  #look(place: DmxPlace): UniverseView {
    const { desk } = this.#options;
    const { bridgeId, universe } = place;
    const now = desk.look(bridgeId, universe);
    const { winners, flags, list } = new UniverseSources(now).survey();
    return {
      ...{ bridgeId, universe },
      direction: directionOf(now),
      isRunning: now.isRunning,
      ...{ levels: now.levels, asked: now.asked, winners, flags, sources: list },
      ...{ master: desk.master, blackout: desk.isBlackout },
    };
  }

  /** @throws InputError 'unknown-id' */
  slot(place: SlotPlace): SlotView {
    const { desk } = this.#options;
    const bridge = this.#bridge(place);
    const { bridgeId, universe, slot } = place;
    const now = desk.look(bridgeId, universe);
    const { sources, contested } = new UniverseSources(now).ofSlot(slot);
    const origin = now.isSent ? now.originOf(slot) : undefined;
    const address = origin?.address && this.#setterOf(origin.address, bridge, origin);
    const drivers = address === undefined ? [] : driversOf(address, this.#options);
    const isMoved = origin && (origin.universe !== universe || origin.slot !== slot);
    const view = {
      ...{ bridgeId, universe, slot, contested, sources, drivers },
      direction: directionOf(now),
      level: now.levels[slot - 1] ?? 0,
      asked: address === undefined ? null : (origin?.asked ?? null),
      parked: now.parked.get(slot) ?? null,
      from: isMoved ? { universe: origin.universe, slot: origin.slot } : null,
      fixture: origin ? this.#fixture({ bridgeId, ...origin }, { now, slot }) : null,
    };
    return { ...view, because: this.#because(view, now) };
  }

  /** An array that an output handed to its successor stands at slot 1, whoever had asked for the levels in it. */
  #setterOf(asked: Address, bridge: Bridge, { universe, slot: number }: Omit<SlotPlace, 'bridgeId'>): Address {
    const { router } = this.#options;
    const address = this.#writtenAt(bridge, asked);
    const own = tryAddress(`${bridge.settings.prefix}/${universe}/${number}`);
    const slot = own && this.#writtenAt(bridge, own);
    if (slot === undefined || slot === address) return address;
    const [there, here] = [router.params.get(address), router.params.get(slot)];
    const streamed = router.streams.senderOf(slot);
    const isArray = there?.value.value.type === 'array';
    if (isArray && there.timestamp >= Math.max(here?.timestamp ?? 0, streamed?.at ?? 0)) return address;
    return here || streamed ? slot : address;
  }

  /** A port address that was asked for in its long form last stands there. */
  #writtenAt({ kind, settings: { prefix } }: Bridge, address: Address): Address {
    const long = kind === 'artnet' ? tryAddress(tryToLongForm(prefix, address) ?? '') : undefined;
    const { params, streams } = this.#options.router;
    const timeOf = (at: Address): number =>
      Math.max(params.get(at)?.timestamp ?? -Infinity, streams.senderOf(at)?.at ?? -Infinity);
    return long !== undefined && timeOf(long) > timeOf(address) ? long : address;
  }

  /** @param at where its level was asked for; it leaves at `slot` */
  #fixture(at: SlotPlace, { now, slot }: { readonly now: DeskUniverse; readonly slot: number }): SlotFixture | null {
    const isHere = (bridgeId: string, universe: number): boolean =>
      bridgeId === at.bridgeId && universe === at.universe;
    for (const { fixture, channels } of this.#options.desk.fixtures) {
      if (!isHere(fixture.bridgeId, fixture.universe)) continue;
      const found = channels.find(({ slots }) => slots.includes(at.slot));
      if (!found) continue;
      const { channel, slots } = found;
      const raw = rawOf(slots.map((each) => leavingLevel({ universe: at.universe, slot: each }, now, slot - at.slot)));
      const whole = resized(raw, slots.length, channel.bytes);
      return {
        ...{ id: fixture.id, number: fixture.number, name: fixture.name },
        address: `/fixtures/${fixtureSegment(fixture.name)}/${channel.key}`,
        ...{ channel: channel.name, kind: channel.kind },
        byte: byteNames[slots.indexOf(at.slot)] ?? 'coarse',
        value: raw / rawMaxOf(slots.length),
        range: channel.ranges.find(({ from, to }) => whole >= from && whole <= to)?.name ?? null,
      };
    }
    return null;
  }

  #because(view: Omit<SlotView, 'because'>, now: DeskUniverse): string {
    const { desk } = this.#options;
    const { bridgeId, universe, parked, drivers, sources, slot, level } = view;
    const winner = sources.find(({ wins }) => wins);
    if (!now.isRunning) return 'The universe does not run.';
    if (!now.isSent) return winner ? `${winner.name} sends it.` : silenceWords(now.heard);
    const says = now.originOf(slot) ? describeDrivers(drivers) : this.#awayWords({ bridgeId, universe, slot });
    if (parked !== null) return `It is parked at ${parked}. ${says}`;
    const asked = now.originOf(slot)?.asked ?? 0;
    if (asked === level) return says;
    return `${desk.isBlackout ? 'Blackout holds it' : 'The grand master reduces it'} at ${level}. ${says}`;
  }

  /** Of a slot whose level leaves somewhere else. */
  #awayWords({ bridgeId, universe, slot }: SlotPlace): string {
    const { softPatch } = this.#options.document();
    const line = softPatch.find(
      (each) =>
        each.bridgeId === bridgeId && each.universe === universe && each.slot <= slot && slot < each.slot + each.count,
    );
    const places = (line?.to ?? []).map((to) => `${to.universe}.${to.slot + slot - (line?.slot ?? slot)}`);
    return `What is asked of it leaves ${places.length === 0 ? 'nowhere' : `at ${places.join(', ')}`}, by the soft patch.`;
  }

  #bridge({ bridgeId }: DmxPlace): Bridge {
    const bridge = this.#options.document().bridges.find(({ id }) => id === bridgeId);
    if (!bridge) throw new InputError('unknown-id', `The show has no bridge ${bridgeId}.`, { id: bridgeId });
    return bridge;
  }
}

/** The first universes that a bridge sends. */
function sentBy(bridge: Bridge): readonly number[] {
  const universes: number[] = [];
  if (!bridge.enabled) return universes;
  for (const { first, last } of universesOf(bridge)?.sent ?? [])
    for (let universe = first; universe <= last && universes.length < waitingMax; universe++) universes.push(universe);
  return [...new Set(universes)];
}

/** The level of a slot that leaves so many slots further on, as others of its channel do; else as it was asked for. */
function leavingLevel(at: Pick<SlotPlace, 'universe' | 'slot'>, now: DeskUniverse, shift: number): number {
  const out = at.slot + shift;
  const origin = now.originOf(out);
  const isHere = origin?.universe === at.universe && origin.slot === at.slot;
  const own = at.universe === now.universe ? now.asked[at.slot - 1] : undefined;
  return (isHere ? now.levels[out - 1] : own) ?? 0;
}

function silenceWords(heard: HeardUniverse | undefined): string {
  const last = heard?.last;
  if (!last) return 'Nobody sends it.';
  return `Nobody sends it. ${last.name} sent the universe last, ${agoWords(last.silentMs)} ago; its levels stay.`;
}

const byteNames = ['coarse', 'fine', 'finest'] as const;

function directionOf({ isSent, heard }: DeskUniverse): 'out' | 'in' {
  return !isSent && heard ? 'in' : 'out';
}
