import type { DmxPlace } from '../../src-main/contract/dmx.ts';
import { fixtureLimits, type SoftPatch } from '../../src-main/contract/fixture.ts';
import { findPatchFault } from '../../src-main/contract/patch-faults.ts';
import { describePlace } from '../../src-main/contract/patched-fixture.ts';

/** A line of the soft patch as it is typed. Places are `1.17`, universe and slot; a slot alone is one of the universe looked at. */
export interface SoftPatchDraft {
  /** of the line that is changed; undefined for a new one */
  readonly id: string | undefined;
  readonly from: string;
  readonly count: string;
  /** several parted by commas; empty: they leave nowhere */
  readonly to: string;
}

export interface SoftPatchCheck {
  readonly problems: Partial<Record<'from' | 'count' | 'to', string>>;
  /** undefined while a field wants a repair */
  readonly line?: SoftPatch;
}

interface Rig {
  readonly place: DmxPlace;
  /** of all bridges of the show */
  readonly softPatch: readonly SoftPatch[];
  readonly newId: () => string;
}

type Place = SoftPatch['to'][number];

const slotsPerUniverse = 512;
const universeMax = 63_999;

/** @param slot that is chosen on the page, to begin with */
export function newSoftPatchDraft({ universe }: DmxPlace, slot: number | undefined): SoftPatchDraft {
  return { id: undefined, from: placeText({ universe, slot: slot ?? 1 }), count: '1', to: '' };
}

export function softPatchDraftOf(line: SoftPatch): SoftPatchDraft {
  return { id: line.id, from: placeText(line), count: String(line.count), to: line.to.map(placeText).join(', ') };
}

/** Turns a form into a line, or says field by field what to repair. */
export function checkSoftPatchDraft(draft: SoftPatchDraft, { place, softPatch, newId }: Rig): SoftPatchCheck {
  const from = tryPlace(draft.from, place.universe);
  const count = tryWhole(draft.count, 1, slotsPerUniverse);
  const places = partsOf(draft.to).map((part) => tryPlace(part, place.universe));
  const to = places.filter((each) => each !== undefined);
  const problems: SoftPatchCheck['problems'] = {
    ...(!from && { from: `Universe and slot, as in ${place.universe}.17. Slots are 1 to 512.` }),
    ...(count === undefined && { count: `A whole number from 1 to ${slotsPerUniverse}.` }),
    ...(to.length < places.length && {
      to: `Universe and slot of each place, as in ${place.universe}.101, parted by commas.`,
    }),
    ...(to.length > fixtureLimits.outputs && { to: `A slot leaves at ${fixtureLimits.outputs} places at most.` }),
  };
  if (!from || count === undefined || Object.keys(problems).length > 0) return { problems };
  const line: SoftPatch = { id: draft.id ?? newId(), bridgeId: place.bridgeId, ...from, count, to };
  const others = softPatch.filter(({ id }) => id !== line.id);
  const fault = findPatchFault({ profiles: [], patch: [], softPatch: [...others, line] });
  if (!fault) return { problems, line };
  const field = fault.path.at(-1) === 'slot' ? 'from' : 'to';
  return { problems: { [field]: fault.message } };
}

/** Lines of one bridge in the order of their slots. */
export function linesOf(bridgeId: string, softPatch: readonly SoftPatch[]): readonly SoftPatch[] {
  return softPatch
    .filter((line) => line.bridgeId === bridgeId)
    .toSorted((one, other) => one.universe - other.universe || one.slot - other.slot);
}

/** `U 1 slots 1–4 leave at U 1 slots 101–104.` */
export function describeLine({ universe, slot, count, to }: SoftPatch): string {
  const verb = count === 1 ? 'leaves' : 'leave';
  const where = to.map((place) => describePlace(place, count)).join(' and ');
  return `${describePlace({ universe, slot }, count)} ${verb} ${to.length === 0 ? 'nowhere' : `at ${where}`}.`;
}

/** Universes that a line leads to and the bridge does not send. */
export function universesNotSent(
  { to }: Pick<SoftPatch, 'to'>,
  sends: (universe: number) => boolean,
): readonly number[] {
  return [...new Set(to.map(({ universe }) => universe))].filter((universe) => !sends(universe));
}

function placeText({ universe, slot }: Place): string {
  return `${universe}.${slot}`;
}

function partsOf(text: string): readonly string[] {
  return text.split(/[,;\s]+/).filter((part) => part !== '');
}

function tryPlace(text: string, universe: number): Place | undefined {
  const [, named, slotText = ''] = /^(?:(\d{1,5})\.)?(\d{1,3})$/.exec(text.trim()) ?? [];
  const slot = tryWhole(slotText, 1, slotsPerUniverse);
  const own = named === undefined ? universe : tryWhole(named, 0, universeMax);
  return slot === undefined || own === undefined ? undefined : { universe: own, slot };
}

function tryWhole(text: string, min: number, max: number): number | undefined {
  const plain = text.trim();
  return /^\d{1,5}$/.test(plain) && Number(plain) >= min && Number(plain) <= max ? Number(plain) : undefined;
}
