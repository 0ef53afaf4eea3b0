import type { DmxPlace } from '../../src-main/contract/dmx.ts';
import { fixtureSegment, type Fixture, type FixtureProfile } from '../../src-main/contract/fixture.ts';
import type { PatchedFixture } from '../../src-main/contract/patched-fixture.ts';

/** Fixtures about to be patched: several of one kind, one behind the other. Numbers are the text that was typed. */
export interface PatchDraft {
  readonly profileId: string;
  readonly mode: string;
  readonly name: string;
  readonly slot: string;
  readonly count: string;
}

export type PatchProblems = Partial<Record<keyof PatchDraft, string>>;

export interface PatchCheck {
  readonly problems: PatchProblems;
  /** undefined while a field wants a repair */
  readonly fixtures?: readonly Fixture[];
}

export const countMax = 512;

interface Rig {
  readonly place: DmxPlace;
  readonly profiles: readonly FixtureProfile[];
  /** all fixtures of the show */
  readonly patched: readonly PatchedFixture[];
  /** the next free number */
  readonly number: number;
  readonly newId: () => string;
}

/** A form for this profile: its first mode, at the first place where it fits. */
export function newPatchDraft(profile: FixtureProfile | undefined, rig: Pick<Rig, 'place' | 'patched'>): PatchDraft {
  const mode = profile?.modes[0];
  const slot = mode ? (freeSlot(mode.slots.length, rig) ?? 1) : 1;
  return {
    profileId: profile?.id ?? '',
    mode: mode?.name ?? '',
    name: profile ? nextName(profile.model, rig.patched) : '',
    slot: String(slot),
    count: '1',
  };
}

/** `PAR`, and `PAR 4` where `PAR 1` to `PAR 3` are there. */
function nextName(model: string, patched: readonly PatchedFixture[]): string {
  const numbers = patched.flatMap(({ fixture: { name } }) => {
    if (name === model) return [1];
    const rest = name.startsWith(`${model} `) ? name.slice(model.length + 1) : '';
    return /^\d+$/.test(rest) ? [Number(rest)] : [];
  });
  return numbers.length === 0 ? model : `${model} ${Math.max(...numbers) + 1}`;
}

/** The first place in a universe where so many slots in a row belong to no fixture. */
export function freeSlot(slots: number, { place, patched }: Pick<Rig, 'place' | 'patched'>): number | undefined {
  const taken = takenSlots(place, patched);
  for (let first = 1; first + slots - 1 <= 512; first++) {
    const clash = rangeOf(first, slots).findLast((slot) => taken.has(slot));
    if (clash === undefined) return first;
    first = clash;
  }
  return undefined;
}

/** Turns a form into fixtures, or says field by field what to repair. */
export function checkPatchDraft(draft: PatchDraft, rig: Rig): PatchCheck {
  const profile = rig.profiles.find(({ id }) => id === draft.profileId);
  const mode = profile?.modes.find(({ name }) => name === draft.mode);
  const count = wholeOf(draft.count, countMax);
  const slot = wholeOf(draft.slot, 512);
  const problems: PatchProblems = {
    ...(!profile && { profileId: 'Import a profile first, or choose one.' }),
    ...(profile && !mode && { mode: 'Choose a mode.' }),
    ...(count === undefined && { count: `A whole number from 1 to ${countMax}.` }),
    ...(slot === undefined && { slot: 'A slot is a whole number from 1 to 512.' }),
    ...nameProblem(draft.name, count ?? 1, rig.patched),
  };
  if (!mode || slot === undefined || count === undefined) return { problems };
  const clash = clashOf({ slot, slots: mode.slots.length, count }, rig);
  if (clash !== undefined) problems.slot = clash;
  if (Object.keys(problems).length > 0) return { problems };
  const fixtures = Array.from({ length: count }, (_, index): Fixture => ({
    id: rig.newId(),
    number: rig.number + index,
    name: nameAt(draft.name, index, count),
    profileId: draft.profileId,
    mode: mode.name,
    bridgeId: rig.place.bridgeId,
    universe: rig.place.universe,
    slot: slot + index * mode.slots.length,
    groupId: null,
  }));
  return { problems, fixtures };
}

function nameAt(name: string, index: number, count: number): string {
  const plain = name.trim();
  if (count === 1) return plain;
  // `PAR 5` goes on with `PAR 6`.
  const [, stem = plain, first = '1'] = /^(.*?)\s*(\d+)$/.exec(plain) ?? [];
  return `${stem} ${Number(first) + index}`;
}

function nameProblem(name: string, count: number, patched: readonly PatchedFixture[]): PatchProblems {
  if (fixtureSegment(name) === '') return { name: 'Give it a name with a letter or a digit.' };
  if (Array.from(name.trim()).length > 110) return { name: 'A name has at most 110 letters.' };
  const taken = new Map(patched.map(({ fixture }) => [fixtureSegment(fixture.name), fixture.name]));
  const names = Array.from({ length: count }, (_, index) => nameAt(name, index, count));
  const clash = names.find((each) => taken.has(fixtureSegment(each)));
  return clash === undefined ? {} : { name: `${taken.get(fixtureSegment(clash)) ?? clash} is there already.` };
}

function clashOf(
  { slot, slots, count }: { slot: number; slots: number; count: number },
  { place, patched }: Rig,
): string | undefined {
  const last = slot + slots * count - 1;
  if (last > 512) return `It would end at slot ${last}; a universe ends at 512.`;
  const taken = takenSlots(place, patched);
  for (const each of rangeOf(slot, slots * count)) {
    const name = taken.get(each);
    if (name !== undefined) return `Slot ${each} belongs to ${name}.`;
  }
  return undefined;
}

/** The name of the fixture at each slot that belongs to one. */
function takenSlots({ bridgeId, universe }: DmxPlace, patched: readonly PatchedFixture[]): ReadonlyMap<number, string> {
  const here = patched.filter(({ fixture }) => fixture.bridgeId === bridgeId && fixture.universe === universe);
  return new Map(
    here.flatMap(({ fixture, slotCount }) =>
      rangeOf(fixture.slot, slotCount).map((slot) => [slot, fixture.name] as const),
    ),
  );
}

function rangeOf(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, offset) => first + offset);
}

function wholeOf(text: string, max: number): number | undefined {
  const number = Number(text);
  return /^\s*\d+\s*$/.test(text) && number >= 1 && number <= max ? number : undefined;
}
