import { isExact } from '../../contract/address.ts';
import type { MappingProblem } from '../../contract/engine-api.ts';
import { LimitError } from '../../contract/errors.ts';
import type { Mapping } from '../../contract/show.ts';
import { compileMapping, isCompiled, type CompiledMapping } from './compile-mapping.ts';
import { findEditedLoops, type SearchedPaths } from './edited-loops.ts';
import { findLoops, type MappingPath } from './loops.ts';

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

interface Search {
  /** undefined when its wildcards were too many to be checked */
  readonly searched: SearchedPaths | undefined;
  /** a problem for each mapping that is part of a loop, by its id */
  readonly refused: ReadonlyMap<string, MappingProblem>;
}

/** What one list was found to be. */
interface Look extends Search {
  readonly compiled: ReadonlyMap<Mapping, CompiledMapping | MappingProblem>;
  readonly readable: readonly CompiledMapping[];
  readonly checked: CheckedMappings;
}

const nothingSeen: Look = {
  compiled: new Map(),
  readable: [],
  searched: undefined,
  refused: new Map(),
  checked: { sound: [], problems: [] },
};

/** The same for a show that is being edited: texts are read, and loops searched, only where the edit left something else
 *  (see `findEditedLoops`), and a list that was seen before is not looked at again, so nobody may change one in place.
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
  const { searched, refused } = leadTheSameWays(readable, before.readable)
    ? before
    : searchLoops(readable, before.searched);
  const sound = readable.filter(({ mapping }) => !refused.has(mapping.id));
  const problems = results.flatMap((each) => (isCompiled(each) ? (refused.get(each.mapping.id) ?? []) : each));
  return { compiled, readable, searched, refused, checked: { sound, problems } };
}

/** Whether the same sets, by id and number, lead from and to the same addresses, in the same order. */
function leadTheSameWays(now: readonly CompiledMapping[], before: readonly CompiledMapping[]): boolean {
  return now.length === before.length && now.every((each, i) => each === before[i] || sameWay(each, before[i]));
}

function sameWay(one: CompiledMapping, other: CompiledMapping | undefined): boolean {
  const isSameSet = one.mapping.id === other?.mapping.id && one.mapping.number === other.mapping.number;
  return isSameSet && one.source === other.source && one.target.reach === other.target.reach;
}

function pathOf({ mapping, source, target }: CompiledMapping): MappingPath {
  return { mappingId: mapping.id, source, reach: target.reach };
}

const uncheckedReason = 'The wildcards of this show meet in too many ways to be checked for loops. Use fewer of them.';

function searchLoops(readable: readonly CompiledMapping[], before: SearchedPaths | undefined): Search {
  const paths = new Map(readable.map((each) => [each.mapping.id, pathOf(each)]));
  try {
    const loops = findEditedLoops(paths, before);
    return { searched: { paths, loops }, refused: problemsOf(loops, readable) };
  } catch (error) {
    if (!(error instanceof LimitError)) throw error;
    // What cannot be checked must not run, since one signal could become thousands. Exact addresses always can.
    const checkable: MappingPath[] = [];
    const unchecked = new Map<string, MappingProblem>();
    for (const path of paths.values()) {
      const { mappingId } = path;
      if (isExact(path.source) && isExact(path.reach)) checkable.push(path);
      else unchecked.set(mappingId, { mappingId, code: 'mapping-loop', reason: uncheckedReason });
    }
    const refused = problemsOf(findLoops(checkable), readable);
    return { searched: undefined, refused: new Map([...refused, ...unchecked]) };
  }
}

function problemsOf(
  loops: readonly (readonly string[])[],
  readable: readonly CompiledMapping[],
): Map<string, MappingProblem> {
  const problems = new Map<string, MappingProblem>();
  if (loops.length === 0) return problems;
  const places = new Map(readable.map(({ mapping }, i) => [mapping.id, { i, number: mapping.number }]));
  for (const loop of loops) {
    const members = loop.flatMap((id) => places.get(id) ?? []).sort((a, b) => a.i - b.i);
    const reason = loopReason(members.map(({ number }) => number));
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
