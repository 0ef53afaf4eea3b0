import { tryAddress, type Address } from '../contract/address.ts';
import type { SlotDriver } from '../contract/dmx.ts';
import type { LiveMapping } from '../contract/live-events.ts';
import type { Mapping, ShowDocument } from '../contract/show.ts';
import type { Micros } from '../contract/units.ts';
import { fixtureSegment } from '../contract/fixture.ts';
import { layPatch } from '../contract/patched-fixture.ts';
import type { Router } from '../core/router/router.ts';
import { bridgeNamed } from './bridge-of-address.ts';
import { fixtureNameOf } from './fixture-player.ts';

/** Steps followed back at most: a loop of mappings ends somewhere. */
const stepsMax = 8;

export interface DriverSources {
  readonly document: () => Pick<ShowDocument, 'bridges' | 'mappings' | 'profiles' | 'patch'>;
  readonly router: Pick<Router, 'params' | 'streams' | 'nameOf'>;
  /** the mapping that was the last to send to an address */
  readonly senderTo: (address: Address) => string | undefined;
  /** the newest value at both ends of every mapping */
  readonly live: () => readonly LiveMapping[];
}

/** A step, and where what led to it came from. */
interface Step {
  readonly driver: SlotDriver;
  readonly before: Address | undefined;
}

/** Who drives an address: whoever wrote it last, and, where that was a mapping or a fixture of this show, whoever wrote what
 *  led to it, and so on. The last writer comes first. */
export function driversOf(address: Address, sources: DriverSources): readonly SlotDriver[] {
  const drivers: SlotDriver[] = [];
  const seen = new Set<Address>();
  for (let at: Address | undefined = address; at !== undefined && drivers.length < stepsMax && !seen.has(at);) {
    seen.add(at);
    const step: Step | undefined = stepAt(at, sources);
    if (!step) break;
    drivers.push(step.driver);
    at = step.before;
  }
  return drivers;
}

/** `PAR 5, dimmer drives it, by set 1 from foh-desk.` */
export function describeDrivers([first, ...others]: readonly SlotDriver[]): string {
  if (!first) return 'Nobody has asked for a level.';
  const way = others.map(({ name }) => name).join(', from ');
  return `${first.name} drives it${way === '' ? '' : `, by ${way}`}.`;
}

function stepAt(address: Address, sources: DriverSources): Step | undefined {
  const writer = writerOf(address, sources);
  if (!writer) return undefined;
  const { name, at } = writer;
  const { bridges, patch } = sources.document();
  const bridge = bridgeNamed(bridges, name);
  if (bridge) return { driver: { kind: 'bridge', id: bridge.id, name: bridge.name, address, at }, before: undefined };
  if (name === 'mappings') return mappingStep(address, at, sources);
  const fixture = patch.find(({ id }) => fixtureNameOf(id) === name);
  if (fixture) return fixtureStep(fixture.id, { address, at }, sources);
  return { driver: ownDriver(name, { address, at }, sources), before: undefined };
}

interface Written {
  readonly address: Address;
  readonly at: Micros | null;
}

function writerOf(address: Address, { router }: DriverSources): { name: string; at: Micros } | undefined {
  const param = router.params.get(address);
  const stream = router.streams.senderOf(address);
  if (stream && (!param || stream.at >= param.timestamp)) return { name: stream.from, at: stream.at };
  return param && { name: param.writer, at: param.timestamp };
}

function mappingStep(address: Address, at: Micros, { document, senderTo, live }: DriverSources): Step {
  const id = senderTo(address);
  const mapping = document().mappings.find((each) => each.id === id);
  // After a restart nobody remembers which of them it was.
  if (!mapping) return { driver: { kind: 'mapping', id: null, name: 'a set', address, at }, before: undefined };
  const name = mapping.name === '' ? `set ${mapping.number}` : `set ${mapping.number}, ${mapping.name}`;
  return { driver: { kind: 'mapping', id: mapping.id, name, address, at }, before: sourceOf(mapping, address, live()) };
}

/** The one address it listens to, else the one that led here last, as far as that is known. */
function sourceOf({ id, source }: Mapping, target: Address, live: readonly LiveMapping[]): Address | undefined {
  const exact = tryAddress(source.pattern);
  if (exact) return exact;
  const newest = live.find(({ mappingId }) => mappingId === id);
  return newest?.targetAddress === target ? tryAddress(newest.sourceAddress) : undefined;
}

function fixtureStep(id: string, { address, at }: Written, { document }: DriverSources): Step | undefined {
  const { profiles, patch } = document();
  const [laid] = layPatch({ profiles, patch: patch.filter((each) => each.id === id) });
  const slot = Number(address.slice(address.lastIndexOf('/') + 1));
  const found = laid?.channels.find(({ slots }) => slots.includes(slot));
  if (!laid || !found) return undefined;
  const { channel } = found;
  const name = `${laid.fixture.name}, ${channel.name.toLowerCase()}`;
  const before = tryAddress(`/fixtures/${fixtureSegment(laid.fixture.name)}/${channel.key}`);
  return { driver: { kind: 'fixture', id, name, address, at }, before };
}

function ownDriver(writer: string, { address, at }: Written, { router }: DriverSources): SlotDriver {
  const made = { id: null, address, at };
  if (writer === 'hand') return { kind: 'hand', name: 'sent by hand', ...made };
  if (ownWriters.has(writer)) return { kind: 'flyrail', name: writer, ...made };
  const name = router.nameOf(writer)?.trim() ?? '';
  return { kind: 'client', name: name === '' ? `client ${writer.slice(0, 8)}` : name, ...made };
}

/** What participants in the process go by that are nothing of the show. */
const ownWriters: ReadonlySet<string> = new Set(['demo', 'desk', 'router', 'links', 'fixtures', 'timelines']);
