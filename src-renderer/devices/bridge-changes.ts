import { InputError } from '../../src-main/contract/errors.ts';
import type { Bridge } from '../../src-main/contract/show.ts';
import { isSame } from '../engine/is-same.ts';
import { itemOf, type ShowChange } from '../engine/show-change.ts';
import { newId, ownOrFreeNumber } from '../engine/show-ids.ts';
import { draftOfBridge, duplicateBridge, withChange, type DraftChange } from './bridge-draft.ts';
import { checkBridgeDraft } from './check-bridge-draft.ts';

/** Adds a bridge, with another number where its own was taken meanwhile.
 *  @param at its place in the list; absent for the end */
export function addBridge(bridge: Bridge, at?: number): ShowChange {
  return {
    plan: ({ bridges }) => {
      const item = { ...bridge, number: ownOrFreeNumber(bridges, bridge) };
      // Made by an engine that could not say so any more, it is not made again.
      if (bridges.some((other) => isSame(other, item))) return undefined;
      return {
        label: at === undefined ? `add ${bridge.name}` : `put ${bridge.name} back`,
        steps: [
          { do: 'put', list: 'bridges', item, ...(at === undefined ? {} : { at: Math.min(at, bridges.length) }) },
        ],
      };
    },
  };
}

/** Puts what was typed into the form of the bridge as it is by then, so that what other windows applied stays.
 *  @param bridge as the form has it now, for its id and name
 *  @throws (when planned) InputError 'bad-arguments' when both do not go together */
export function applyTyped(bridge: Bridge, typed: DraftChange | undefined): ShowChange {
  return {
    plan: (document) => {
      const newest = itemOf(document, 'bridges', bridge.id);
      const check = checkBridgeDraft(withChange(draftOfBridge(newest), typed));
      if (!check.bridge) {
        const repair = Object.values(check.problems)[0] ?? '';
        throw new InputError('bad-arguments', `It was changed in another window meanwhile. ${repair}`);
      }
      if (isSame(check.bridge, newest)) return undefined;
      return { label: `change ${bridge.name}`, steps: [{ do: 'put', list: 'bridges', item: check.bridge }] };
    },
  };
}

export function removeBridge({ id, name }: Bridge): ShowChange {
  return {
    plan: (document) => {
      itemOf(document, 'bridges', id);
      return { label: `delete ${name}`, steps: [{ do: 'remove', list: 'bridges', id }] };
    },
  };
}

/** @param copyId of the copy, which stands below its original */
export function copyBridge({ id, name }: Bridge, copyId: string): ShowChange {
  const cid = newId();
  return {
    plan: (document) => {
      const others = document.bridges.filter((other) => other.id !== copyId);
      const made = [copyId, cid].values();
      const item = duplicateBridge(itemOf(document, 'bridges', id), others, () => made.next().value ?? newId());
      const at = others.findIndex((other) => other.id === id) + 1;
      return { label: `duplicate ${name}`, steps: [{ do: 'put', list: 'bridges', item, at }] };
    },
  };
}
