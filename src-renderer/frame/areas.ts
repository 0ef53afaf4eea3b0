import Activity from '@lucide/svelte/icons/activity';
import Cable from '@lucide/svelte/icons/cable';
import Grid3x3 from '@lucide/svelte/icons/grid-3x3';
import FileStack from '@lucide/svelte/icons/file-stack';
import Plug from '@lucide/svelte/icons/plug';
import type { Component } from 'svelte';
import type { LucideProps } from '@lucide/svelte';
import { mayAs, type Role } from '../../src-main/contract/role.ts';
import type { AreaId } from '../engine/navigation.svelte.ts';
import type { HealthItem, Severity } from '../engine/rig-health.ts';

/** An area as the bar at the left shows it. */
export interface Area {
  readonly id: AreaId;
  /** the printed number, which is its key */
  readonly key: string;
  readonly label: string;
  readonly icon: Component<LucideProps>;
}

/** The numbers between belong to areas that come later. */
export const areas: readonly Area[] = [
  { id: 'patch', key: '1', label: 'Patch', icon: Cable },
  { id: 'dmx', key: '5', label: 'DMX', icon: Grid3x3 },
  { id: 'devices', key: '7', label: 'Devices', icon: Plug },
  { id: 'monitor', key: '8', label: 'Monitor', icon: Activity },
  { id: 'show', key: '9', label: 'Show', icon: FileStack },
];

/** The files of the show are for who may change it. */
export function areasFor(role: Role): readonly Area[] {
  return mayAs(role, 'edit') ? areas : areas.filter(({ id }) => id !== 'show');
}

/** The area under which a page stands in the bar at the left. */
export function areaInBar(area: AreaId): AreaId {
  return area === 'signals' ? 'show' : area;
}

/** @param health the worst first
 *  @returns undefined when nothing there wants attention */
export function worstIn(area: AreaId, health: readonly HealthItem[]): Severity | undefined {
  return health.find((item) => item.go?.area === area)?.severity;
}
