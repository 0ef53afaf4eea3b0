import { isExact } from '../../contract/address.ts';
import type { MappingProblem } from '../../contract/engine-api.ts';
import { LimitError } from '../../contract/errors.ts';
import type { Mapping } from '../../contract/show.ts';
import { compileMapping, isCompiled, type CompiledMapping } from './compile-mapping.ts';
import { findLoops } from './loops.ts';
import { mayCloseLoop } from './new-loops.ts';

export interface CheckedMappings {
  /** those that may run, in the order of the show */
  readonly sound: readonly CompiledMapping[];
  /** why the other enabled ones do not run */
  readonly problems: readonly MappingProblem[];
}

export type MappingCheck = (mappings: readonly Mapping[]) => CheckedMappings;

/** Splits the enabled mappings into those that may run and those that may not. Those that are off are left out: they
 *  neither run nor close a loop. */
export function checkMappings(mappings: readonly Mapping[]): CheckedMappings {
  return createMappingCheck()(mappings);
}

/** What one list was found to be. */
interface Look {
  readonly compiled: ReadonlyMap<Mapping, CompiledMapping | MappingProblem>;
  readonly readable: readonly CompiledMapping[];
  readonly refused: ReadonlyMap<string, MappingProblem>;
  readonly checked: CheckedMappings;
}

const nothingSeen: Look = {
  compiled: new Map(),
  readable: [],
  refused: new Map(),
  checked: { sound: [], problems: [] },
};

/** The same for a show that is being edited: texts are read, and loops searched, only where the edit left something else,
 *  and a list that was seen before is not looked at again, so nobody may change one in place.
 *  The router's thread does this, and a dragged slider edits many times a second. */
export function createMappingCheck(): MappingCheck {
  const looks = new WeakMap<readonly Mapping[], Look>();
  let last = nothingSeen;
  return (mappings) => {
    last = looks.get(mappings) ?? lookAt(mappings, last);
    looks.set(mappings, last);
    return last.checked;
  };
}

function lookAt(mappings: readonly Mapping[], before: Look): Look {
  const enabled = mappings.filter((mapping) => mapping.enabled);
  const compiled = new Map(enabled.map((each) => [each, before.compiled.get(each) ?? compileMapping(each)]));
  const results = [...compiled.values()];
  const readable = results.filter(isCompiled);
  const refused = needsSearch(readable, before) ? refuseLooping(readable) : before.refused;
  const sound = readable.filter(({ mapping }) => !refused.has(mapping.id));
  const problems = results.flatMap((each) => (isCompiled(each) ? (refused.get(each.mapping.id) ?? []) : each));
  return { compiled, readable, refused, checked: { sound, problems } };
}

function needsSearch(readable: readonly CompiledMapping[], before: Look): boolean {
  if (before.refused.size > 0) return !leadTheSameWays(readable, before.readable);
  // Where there was no loop, one can only come by what is new.
  const known = new Map(before.readable.map((each) => [each.mapping.id, each]));
  const changed = readable.filter((each) => !sameEnds(each, known.get(each.mapping.id)));
  return mayCloseLoop(changed, readable);
}

/** Whether the same sets, by id and number, lead from and to the same addresses, in the same order. */
function leadTheSameWays(now: readonly CompiledMapping[], before: readonly CompiledMapping[]): boolean {
  return now.length === before.length && now.every((each, i) => each === before[i] || sameWay(each, before[i]));
}

function sameWay(one: CompiledMapping, other: CompiledMapping | undefined): boolean {
  return one.mapping.id === other?.mapping.id && one.mapping.number === other.mapping.number && sameEnds(one, other);
}

function sameEnds(one: CompiledMapping, other: CompiledMapping | undefined): boolean {
  return one === other || (one.source === other?.source && one.target.reach === other.target.reach);
}

const uncheckedReason = 'The wildcards of this show meet in too many ways to be checked for loops. Use fewer of them.';

/** @returns a problem for each mapping that is part of a loop, by its id */
function refuseLooping(readable: readonly CompiledMapping[]): Map<string, MappingProblem> {
  try {
    return problemsOf(readable);
  } catch (error) {
    if (!(error instanceof LimitError)) throw error;
    // What cannot be checked must not run, since one signal could become thousands. Exact addresses always can.
    const isCheckable = ({ source, target }: CompiledMapping): boolean => isExact(source) && isExact(target.reach);
    const unchecked = readable.filter((each) => !isCheckable(each));
    const refused = problemsOf(readable.filter(isCheckable));
    for (const { mapping } of unchecked) {
      refused.set(mapping.id, { mappingId: mapping.id, code: 'mapping-loop', reason: uncheckedReason });
    }
    return refused;
  }
}

function problemsOf(mappings: readonly CompiledMapping[]): Map<string, MappingProblem> {
  const numbers = new Map(mappings.map(({ mapping }) => [mapping.id, mapping.number]));
  const problems = new Map<string, MappingProblem>();
  const paths = mappings.map(({ mapping, source, target }) => ({ mappingId: mapping.id, source, reach: target.reach }));
  for (const loop of findLoops(paths)) {
    const reason = loopReason(loop.map((id) => numbers.get(id) ?? 0));
    for (const mappingId of loop) problems.set(mappingId, { mappingId, code: 'mapping-loop', reason });
  }
  return problems;
}

const numbersShown = 4;

function loopReason(numbers: readonly number[]): string {
  const [first, second, ...others] = numbers;
  if (second === undefined)
    return `Set ${first} feeds itself: its target is part of its source. Change one of the two.`;
  if (others.length === 0)
    return `Sets ${first} and ${second} feed each other. Neither runs until one of them changes.`;
  const shown = numbers.slice(0, numbersShown);
  const more = numbers.length - shown.length;
  const last = more > 0 ? `${more} more` : shown.pop();
  return `Sets ${shown.join(', ')} and ${last} feed each other in a circle. None runs until one of them changes.`;
}
