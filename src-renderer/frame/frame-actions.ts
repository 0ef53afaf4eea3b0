import Command from '@lucide/svelte/icons/command';
import FilePlus from '@lucide/svelte/icons/file-plus';
import FolderOpen from '@lucide/svelte/icons/folder-open';
import Keyboard from '@lucide/svelte/icons/keyboard';
import Redo from '@lucide/svelte/icons/redo-2';
import Save from '@lucide/svelte/icons/save';
import Scale from '@lucide/svelte/icons/scale';
import Undo from '@lucide/svelte/icons/undo-2';
import type { EngineState } from '../engine/engine-state.svelte.ts';
import type { AreaId } from '../engine/navigation.svelte.ts';
import type { Action } from '../widgets/actions.svelte.ts';
import type { Area } from './areas.ts';

/** What the frame itself can do; the page gives the means. */
export interface FrameMeans {
  readonly engine: EngineState;
  readonly areas: readonly Area[];
  go(area: AreaId): void;
  undo(): void;
  redo(): void;
  save(): void;
  saveAs(): void;
  newShow(): void;
  openShow(): void;
  showPalette(): void;
  showKeys(): void;
  toggleMonitor(): void;
  stepRegion(direction: 1 | -1): void;
}

const everywhere = 'Everywhere';

export function frameActions(means: FrameMeans): Action[] {
  return [...areaActions(means), ...undoActions(means), ...fileActions(means), ...pageActions(means)];
}

function areaActions(means: FrameMeans): Action[] {
  const toAreas = means.areas.map((area) => ({
    id: `go-${area.id}`,
    label: `Go to ${area.label}`,
    group: 'Areas',
    keys: [area.key],
    keyLabel: area.key,
    icon: area.icon,
    run: () => means.go(area.id),
  }));
  return [
    ...toAreas,
    {
      id: 'go-signals',
      label: 'Go to the rules of signals',
      group: 'Areas',
      icon: Scale,
      run: () => means.go('signals'),
    },
  ];
}

function undoActions(means: FrameMeans): Action[] {
  const { engine } = means;
  return [
    {
      id: 'undo',
      label: 'Undo',
      group: everywhere,
      keys: ['$mod+z'],
      keyLabel: 'Ctrl Z',
      icon: Undo,
      inFields: 'settled',
      blocked: () => (engine.show.undoLabel === null ? 'nothing to undo' : undefined),
      run: () => means.undo(),
    },
    {
      id: 'redo',
      label: 'Redo',
      group: everywhere,
      keys: ['$mod+Shift+z', '$mod+y'],
      keyLabel: 'Ctrl Shift Z',
      icon: Redo,
      inFields: 'settled',
      blocked: () => (engine.show.redoLabel === null ? 'nothing to redo' : undefined),
      run: () => means.redo(),
    },
  ];
}

function fileActions(means: FrameMeans): Action[] {
  return [
    {
      id: 'save',
      label: 'Save the show',
      group: everywhere,
      keys: ['$mod+s'],
      keyLabel: 'Ctrl S',
      icon: Save,
      inFields: true,
      run: () => means.save(),
    },
    {
      id: 'save-as',
      label: 'Save the show under another name',
      group: everywhere,
      keys: ['$mod+Shift+s'],
      keyLabel: 'Ctrl Shift S',
      icon: Save,
      inFields: true,
      run: () => means.saveAs(),
    },
    {
      id: 'new-show',
      label: 'New show',
      group: everywhere,
      icon: FilePlus,
      run: () => means.newShow(),
    },
    {
      id: 'open-show',
      label: 'Open a show',
      group: everywhere,
      keys: ['$mod+o'],
      keyLabel: 'Ctrl O',
      icon: FolderOpen,
      inFields: true,
      run: () => means.openShow(),
    },
  ];
}

function pageActions(means: FrameMeans): Action[] {
  return [
    {
      id: 'palette',
      label: 'Command palette',
      group: everywhere,
      keys: ['$mod+k'],
      keyLabel: 'Ctrl K',
      icon: Command,
      inFields: true,
      keyOnly: true,
      run: () => means.showPalette(),
    },
    {
      id: 'keys',
      label: 'Show all keys',
      group: everywhere,
      keys: ['[Shift]+?'],
      keyLabel: '?',
      icon: Keyboard,
      run: () => means.showKeys(),
    },
    {
      id: 'monitor-strip',
      label: 'Open or shut the monitor',
      group: everywhere,
      keys: ['m'],
      keyLabel: 'M',
      run: () => means.toggleMonitor(),
    },
    {
      id: 'next-region',
      label: 'Next part of the page',
      group: everywhere,
      keys: ['F6'],
      keyLabel: 'F6',
      inFields: true,
      keyOnly: true,
      run: () => means.stepRegion(1),
    },
    {
      id: 'previous-region',
      label: 'Previous part of the page',
      group: everywhere,
      keys: ['Shift+F6'],
      keyLabel: 'Shift F6',
      inFields: true,
      keyOnly: true,
      run: () => means.stepRegion(-1),
    },
  ];
}
