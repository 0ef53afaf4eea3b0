import type { Edit, EditStep } from '../../src-main/contract/show-edit.ts';
import type { Group, Mapping, ShowDocument, Transform, TransformType } from '../../src-main/contract/show.ts';
import { freeNumber, newId, ownOrFreeNumber } from '../engine/show-ids.ts';

/** A mapping that is not in the show yet, with the lowest free number. */
export function draftMapping(document: ShowDocument, groupId: string | null): Mapping {
  return {
    id: newId(),
    number: freeNumber(document.mappings),
    name: '',
    groupId,
    enabled: true,
    source: { pattern: '' },
    target: { address: '', kind: 'same', as: 'same' },
    transforms: [],
  };
}

/** Whether anything was written into a draft that would be missed. */
export function isBegun({ source, target, name, transforms }: Mapping): boolean {
  return source.pattern !== '' || target.address !== '' || name !== '' || transforms.length > 0;
}

/** A draft that was left, as it can go on: the show may have changed meanwhile. */
export function unparkMapping(document: ShowDocument, mapping: Mapping): Mapping {
  return {
    ...mapping,
    number: ownOrFreeNumber(document.mappings, mapping),
    groupId: document.groups.some((group) => group.id === mapping.groupId) ? mapping.groupId : null,
  };
}

/** Adds a draft, with another number where its own was taken meanwhile; after the given set where both are in one group,
 *  else at the end. */
export function addMapping(document: ShowDocument, draft: Mapping, after: string | undefined): Edit {
  const mapping = unparkMapping(document, draft);
  const neighbour = document.mappings.find((other) => other.id === after);
  const at = neighbour?.groupId === mapping.groupId ? neighbour.id : undefined;
  return putAfter(document, mapping, { label: `add set ${mapping.number}`, after: at });
}

/** Brings a deleted mapping back to its place, with another number where its own was taken meanwhile. */
export function putMappingBack(document: ShowDocument, mapping: Mapping, place: number): Edit {
  const at = Math.min(Math.max(0, place), document.mappings.length);
  return {
    label: `put set ${mapping.number} back`,
    steps: [{ do: 'put', list: 'mappings', item: unparkMapping(document, mapping), at }],
  };
}

export function removeMapping(mapping: Mapping): Edit {
  return { label: `delete set ${mapping.number}`, steps: [{ do: 'remove', list: 'mappings', id: mapping.id }] };
}

/** The copy stands below its original and is locked, so that two sets do not move one target unasked. */
export function duplicateMapping(document: ShowDocument, mapping: Mapping, copyId: string): Edit {
  const others = document.mappings.filter((other) => other.id !== copyId);
  const copy: Mapping = { ...mapping, id: copyId, number: freeNumber(others), enabled: false };
  return putAfter(document, copy, { label: `duplicate set ${mapping.number}`, after: mapping.id });
}

/** One place up or down among what stands in the same group; past its end into the neighbouring group.
 *  @returns undefined when there is no further place */
export function moveMapping(document: ShowDocument, mapping: Mapping, direction: -1 | 1): Edit | undefined {
  const label = `move set ${mapping.number} ${direction < 0 ? 'up' : 'down'}`;
  const mates = document.mappings.filter((other) => other.groupId === mapping.groupId);
  const mate = mates[mates.indexOf(mapping) + direction];
  if (mate) {
    return { label, steps: [{ do: 'move', list: 'mappings', id: mapping.id, to: document.mappings.indexOf(mate) }] };
  }
  const places = [null, ...document.groups.map((group) => group.id)];
  const place = places[places.indexOf(mapping.groupId) + direction];
  if (place === undefined) return undefined;
  const there = document.mappings.filter((other) => other.groupId === place);
  const beside = direction < 0 ? there.at(-1) : there[0];
  const steps: EditStep[] = [{ do: 'put', list: 'mappings', item: { ...mapping, groupId: place } }];
  if (beside) {
    const from = document.mappings.indexOf(mapping);
    const target = document.mappings.indexOf(beside) + (direction < 0 ? 1 : 0);
    // The place is counted without the mapping itself.
    steps.push({ do: 'move', list: 'mappings', id: mapping.id, to: from < target ? target - 1 : target });
  }
  return { label, steps };
}

/** A new group that holds this mapping. */
export function groupMapping(mapping: Mapping, group: Group): Edit {
  return {
    label: `group set ${mapping.number} under ${group.name}`.slice(0, 120),
    steps: [
      { do: 'put', list: 'groups', item: group },
      { do: 'put', list: 'mappings', item: { ...mapping, groupId: group.id } },
    ],
  };
}

/** Takes a group away; what was in it stays, without a group. */
export function dissolveGroup(document: ShowDocument, group: Group): Edit {
  const members = document.mappings.filter((mapping) => mapping.groupId === group.id);
  return {
    label: `dissolve the group ${group.name}`.slice(0, 120),
    steps: [
      ...members.map((mapping): EditStep => ({ do: 'put', list: 'mappings', item: { ...mapping, groupId: null } })),
      { do: 'remove', list: 'groups', id: group.id },
    ],
  };
}

function putAfter(document: ShowDocument, mapping: Mapping, wish: { label: string; after: string | undefined }): Edit {
  const index = document.mappings.findIndex((other) => other.id === wish.after);
  const at = index < 0 ? {} : { at: index + 1 };
  return { label: wish.label, steps: [{ do: 'put', list: 'mappings', item: mapping, ...at }] };
}

/** A fresh step that changes nothing a 0..1 signal would notice, or as little as its kind can. */
export function freshTransform(type: TransformType): Transform {
  switch (type) {
    case 'scale':
      return { type, enabled: true, inMin: 0, inMax: 1, outMin: 0, outMax: 255 };
    case 'clamp':
      return { type, enabled: true, min: 0, max: 1 };
    case 'invert':
      return { type, enabled: true, min: 0, max: 1 };
    case 'curve':
      return { type, enabled: true, easing: 'ease-in', bezier: [0.42, 0, 0.8, 0.6], min: 0, max: 1 };
    case 'threshold':
      return { type, enabled: true, at: 0.5, hysteresis: 0, below: 0, above: 1 };
    case 'quantize':
      return { type, enabled: true, min: 0, max: 1, steps: 5 };
    default:
      return type satisfies never;
  }
}
