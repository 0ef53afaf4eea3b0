import type { MappingProblem } from '../../src-main/contract/engine-api.ts';
import type { Group, Mapping, ShowDocument } from '../../src-main/contract/show.ts';

/** off: locked. broken: does not run, with a reason. flowing, held: carries something now, or did. idle: never did. */
export type MappingState = 'off' | 'broken' | 'flowing' | 'held' | 'idle';
export type PatchFilter = 'all' | 'flowing' | 'broken' | 'off';

export type PatchRow =
  | { readonly kind: 'group'; readonly id: string; readonly group: Group; readonly count: number }
  | {
      readonly kind: 'mapping';
      readonly id: string;
      readonly mapping: Mapping;
      /** 2 inside a group */ readonly level: 1 | 2;
    };

export interface RowWish {
  readonly filter: PatchFilter;
  /** words that must all be found in number, name or addresses; empty for no search */
  readonly find: string;
  stateOf(mapping: Mapping): MappingState;
}

/** The table from top to bottom: mappings without a group, then each group's head and what is in it. A folded group
 *  opens by itself for what was searched for; a group in which nothing passes is left out. */
export function patchRows(document: ShowDocument, wish: RowWish): PatchRow[] {
  const words = wish.find.toLowerCase().split(/\s+/).filter(Boolean);
  const narrowed = wish.filter !== 'all' || words.length > 0;
  const known = new Set(document.groups.map((group) => group.id));
  const byGroup = new Map<string | null, Mapping[]>();
  for (const mapping of document.mappings) {
    if (wish.filter !== 'all' && wish.stateOf(mapping) !== wish.filter) continue;
    if (!holdsWords(mapping, words)) continue;
    const key = mapping.groupId !== null && known.has(mapping.groupId) ? mapping.groupId : null;
    const list = byGroup.get(key);
    if (list) list.push(mapping);
    else byGroup.set(key, [mapping]);
  }
  const rows: PatchRow[] = (byGroup.get(null) ?? []).map((mapping) => mappingRow(mapping, 1));
  for (const group of document.groups) {
    const members = byGroup.get(group.id) ?? [];
    if (narrowed && members.length === 0) continue;
    rows.push({ kind: 'group', id: group.id, group, count: members.length });
    if (!group.folded || words.length > 0) rows.push(...members.map((mapping) => mappingRow(mapping, 2)));
  }
  return rows;
}

export interface StateCounts {
  readonly all: number;
  readonly flowing: number;
  readonly broken: number;
  readonly off: number;
}

export function countStates(mappings: readonly Mapping[], stateOf: (mapping: Mapping) => MappingState): StateCounts {
  const counts = { all: mappings.length, flowing: 0, broken: 0, off: 0, held: 0, idle: 0 };
  for (const mapping of mappings) counts[stateOf(mapping)]++;
  return counts;
}

/** What a mapping is in, from what is known of it. A lock wins over a fault, a fault over what flows. */
export function mappingState(
  mapping: Mapping,
  known: { readonly problem: MappingProblem | undefined; readonly flowing: boolean; readonly carried: boolean },
): MappingState {
  if (!mapping.enabled) return 'off';
  if (known.problem) return 'broken';
  if (known.flowing) return 'flowing';
  return known.carried ? 'held' : 'idle';
}

function mappingRow(mapping: Mapping, level: 1 | 2): PatchRow {
  return { kind: 'mapping', id: mapping.id, mapping, level };
}

function holdsWords(mapping: Mapping, words: readonly string[]): boolean {
  if (words.length === 0) return true;
  const text = `${mapping.number} ${mapping.name} ${mapping.source.pattern} ${mapping.target.address}`.toLowerCase();
  return words.every((word) => text.includes(word));
}
