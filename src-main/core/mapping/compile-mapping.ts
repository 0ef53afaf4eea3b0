import { parsePattern, type Pattern } from '../../contract/address.ts';
import type { MappingProblem } from '../../contract/engine-api.ts';
import { InputError } from '../../contract/errors.ts';
import type { Mapping } from '../../contract/show.ts';
import { parseTemplate, wildcardsOf, type Template } from './template.ts';

/** A mapping whose texts are understood. */
export interface CompiledMapping {
  readonly mapping: Mapping;
  readonly source: Pattern;
  readonly target: Template;
}

/** @returns a problem, which says what to repair, in place of a mapping that cannot run */
export function compileMapping(mapping: Mapping): CompiledMapping | MappingProblem {
  try {
    const source = parsePattern(mapping.source.pattern);
    return { mapping, source, target: parseTemplate(mapping.target.address, wildcardsOf(source)) };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const code = error.code === 'mapping-bad-template' ? error.code : 'bad-pattern';
    return { mappingId: mapping.id, code, reason: error.message };
  }
}

export function isCompiled(result: CompiledMapping | MappingProblem): result is CompiledMapping {
  return 'source' in result;
}

/** Those that listen to the same, together. */
export function bySource<M extends CompiledMapping>(all: readonly M[]): Map<Pattern, M[]> {
  const routes = new Map<Pattern, M[]>();
  for (const each of all) {
    const sharing = routes.get(each.source);
    if (sharing) sharing.push(each);
    else routes.set(each.source, [each]);
  }
  return routes;
}

/** Whether both carry the same signals to the same place in the same way; names, numbers and groups do not count. */
export function sameRoute(one: Mapping, other: Mapping): boolean {
  return sameInput(one, other) && sameText(one.target, other.target);
}

/** Whether what the steps remember under one is true under the other. */
export function sameInput(one: Mapping, other: Mapping): boolean {
  return one.source.pattern === other.source.pattern && sameText(one.transforms, other.transforms);
}

function sameText(one: object, other: object): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}
