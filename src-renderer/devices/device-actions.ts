import Plug from '@lucide/svelte/icons/plug';
import { bridgeKinds } from '../../src-main/contract/bridges/bridge-form.ts';
import type { Action } from '../widgets/actions.svelte.ts';
import type { DeviceRow } from './device-row.ts';
import type { DevicesState } from './devices-state.svelte.ts';
import { kindWord } from './kinds/kinds.ts';

const group = 'Devices';

/** What the keys and the palette can do while the Devices page is shown.
 *  @param shown the rows of the page as they stand when a key is pressed */
export function deviceActions(devices: DevicesState, shown: () => readonly DeviceRow[], remove: () => void): Action[] {
  return [...addActions(devices), ...chosenActions(devices, remove), ...selectionActions(devices, shown)];
}

function addActions(devices: DevicesState): Action[] {
  return [
    {
      id: 'devices.add',
      label: 'Add a bridge, or go on with the one begun',
      group,
      keys: ['n'],
      keyLabel: 'N',
      icon: Plug,
      run: () => devices.startAdding(),
    },
    {
      id: 'devices.resend-all',
      label: 'Send all devices again what stands',
      group,
      run: () => void devices.returns.send(),
    },
    ...bridgeKinds.map((kind) => ({
      ...{ id: `devices.add-${kind}`, group, icon: Plug, run: () => devices.startAdding(kind) },
      label: `Add a bridge: ${kindWord(kind)}`,
    })),
  ];
}

/** What is done to the chosen device. */
function chosenActions(devices: DevicesState, remove: () => void): Action[] {
  const blocked = (): string | undefined => (devices.bridge && !devices.adding ? undefined : 'No device is chosen.');
  const withBridge = (run: (bridge: NonNullable<DevicesState['bridge']>) => void) => (): void => {
    if (devices.bridge && !devices.adding) run(devices.bridge);
  };
  return [
    {
      id: 'devices.duplicate',
      label: 'Duplicate the device',
      group,
      keys: ['$mod+KeyD'],
      keyLabel: 'Ctrl D',
      blocked,
      run: withBridge((bridge) => void devices.edits.duplicate(bridge)),
    },
    {
      id: 'devices.switch',
      label: 'Switch the device on or off',
      group,
      blocked,
      run: withBridge((bridge) => void devices.edits.setEnabled(bridge, !bridge.enabled)),
    },
    {
      id: 'devices.test',
      label: 'Test the device once; hold the key to send it again and again',
      group,
      keys: ['t'],
      keyLabel: 'T',
      blocked,
      run: withBridge((bridge) => {
        // The first press shows what would be sent.
        if (devices.view === 'traffic') void devices.test.send(bridge);
        else devices.view = 'traffic';
      }),
    },
    {
      id: 'devices.resend',
      label: 'Send the device all that stands',
      group,
      blocked,
      run: withBridge((bridge) => void devices.returns.send(bridge)),
    },
    {
      id: 'devices.delete',
      label: 'Delete the device',
      group,
      keys: ['Delete'],
      keyLabel: 'Del',
      blocked,
      run: remove,
    },
  ];
}

/** Which device is chosen, and leaving it. */
function selectionActions(devices: DevicesState, shown: () => readonly DeviceRow[]): Action[] {
  return [
    {
      id: 'devices.leave',
      label: 'Take back what was typed, or close the inspector',
      group,
      keys: ['Escape'],
      keyLabel: 'Esc',
      inFields: true,
      keyOnly: true,
      run: () => (devices.adding || devices.changed ? devices.revert() : devices.select(undefined)),
    },
    {
      id: 'devices.next',
      label: 'Next device',
      group,
      keys: ['ArrowDown'],
      keyLabel: '↓',
      keyOnly: true,
      run: () => step(1),
    },
    {
      id: 'devices.previous',
      label: 'Device before',
      group,
      keys: ['ArrowUp'],
      keyLabel: '↑',
      keyOnly: true,
      run: () => step(-1),
    },
  ];

  function step(by: number): void {
    const rows = shown();
    const at = rows.findIndex((row) => row.id === devices.selectedId);
    const next = rows[Math.min(rows.length - 1, Math.max(0, at < 0 ? 0 : at + by))];
    if (next) devices.select(next.id);
  }
}
