import Lightbulb from '@lucide/svelte/icons/lightbulb';
import Pin from '@lucide/svelte/icons/pin';
import Shuffle from '@lucide/svelte/icons/shuffle';
import Tag from '@lucide/svelte/icons/tag';
import type { Action } from '../widgets/actions.svelte.ts';
import type { DmxState } from './dmx-state.svelte.ts';

const group = 'DMX';

/** What the keys and the palette can do while the DMX page is shown.
 *  @param how `patch` opens the form of a new fixture, `softPatch` the lines of the soft patch */
export function dmxActions(
  dmx: DmxState,
  how: { patch: () => void; softPatch: () => void; mayPatch: boolean; controls: boolean },
): Action[] {
  const { patch, softPatch, mayPatch, controls } = how;
  const noSlot = (): string | undefined =>
    dmx.slotView?.direction === 'out' ? undefined : 'No slot that is sent is chosen.';
  const patching: Action[] = mayPatch
    ? [{ id: 'dmx.patch', label: 'Patch a fixture', group, keys: ['n'], keyLabel: 'N', icon: Tag, run: patch }]
    : [];
  const mayNot = (): string | undefined => (controls ? undefined : 'This page may only look.');
  return [
    ...patching,
    {
      id: 'dmx.soft-patch',
      label: 'Soft patch: slots that leave somewhere else',
      group,
      keys: ['s'],
      keyLabel: 'S',
      icon: Shuffle,
      blocked: () => (dmx.place ? undefined : 'There is no universe yet.'),
      run: softPatch,
    },
    {
      id: 'dmx.blackout',
      label: 'Blackout, or release it',
      group,
      keys: ['b'],
      keyLabel: 'B',
      icon: Lightbulb,
      blocked: mayNot,
      run: () => void dmx.setBlackout(!(dmx.view?.blackout ?? false)),
    },
    {
      id: 'dmx.park',
      label: 'Park the slot, or let it go',
      group,
      icon: Pin,
      blocked: () => mayNot() ?? noSlot(),
      run: () => void dmx.park(dmx.slotView?.parked === null ? dmx.slotView.level : null),
    },
    {
      id: 'dmx.unpark-all',
      label: 'Let all parked slots go',
      group,
      icon: Pin,
      blocked: mayNot,
      run: () => void dmx.unparkAll(),
    },
    {
      id: 'dmx.leave',
      label: 'Close the inspector',
      group,
      keys: ['Escape'],
      keyLabel: 'Esc',
      keyOnly: true,
      run: () => dmx.select(undefined),
    },
  ];
}
