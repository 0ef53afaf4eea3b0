import type { Edit } from '../src-main/contract/show-edit.ts';
import { emptyShow, mappingSchema, type Mapping, type ShowDocument } from '../src-main/contract/show.ts';
import { parseShow } from '../src-main/contract/parse-show.ts';

export function sampleMapping(number: number, name = `set ${number}`): Mapping {
  return mappingSchema.parse({
    id: `m${number}`,
    number,
    name,
    source: { pattern: `/desk/fader/${number}` },
    target: { address: `/sacn/1/${number}` },
    transforms: [],
  });
}

/** A show with so many mappings. */
export function sampleShow(id: string, mappings = 2): ShowDocument {
  const list = Array.from({ length: mappings }, (_, index) => sampleMapping(index + 1));
  return parseShow({ ...emptyShow(id, `Show ${id}`), mappings: list });
}

/** Adds a mapping, or replaces it. */
export function putMapping(number: number, name?: string, gesture?: string): Edit {
  const item = sampleMapping(number, name);
  return {
    label: `edit set ${number}`,
    steps: [{ do: 'put', list: 'mappings', item }],
    ...(gesture ? { gesture } : {}),
  };
}

export function renameShow(name: string): Edit {
  return { label: `rename to ${name}`, steps: [{ do: 'rename', name }] };
}
