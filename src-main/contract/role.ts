import type { CommandName, EventName } from './engine-api.ts';
import { z } from './zod.ts';

/** What somebody at the interface may do, each with all that stands before it. view: look. control: run the show. edit:
 *  change the show, the devices, the files, and who may come in. */
export const roles = ['view', 'control', 'edit'] as const;
export const roleSchema = z.enum(roles);
export type Role = z.infer<typeof roleSchema>;

/** The least role that each command needs; a command that is not named here does not compile. */
export const commandRoles = {
  snapshot: 'view',
  watchMonitor: 'view',
  unwatchMonitor: 'view',
  sendSignal: 'control',
  edit: 'edit',
  undo: 'edit',
  redo: 'edit',
  newShow: 'edit',
  openShow: 'edit',
  openDemo: 'edit',
  saveShow: 'edit',
  saveShowAs: 'edit',
  listShows: 'edit',
  listBackups: 'edit',
  restoreBackup: 'edit',
  startLearn: 'edit',
  stopLearn: 'edit',
  listNetworkCards: 'edit',
  allowOrigin: 'edit',
  forbidOrigin: 'edit',
  makeUiLink: 'edit',
  setInterface: 'edit',
  setPin: 'edit',
  clearPin: 'edit',
  startPairing: 'edit',
  stopPairing: 'edit',
  endSession: 'edit',
  revokePaired: 'edit',
} as const satisfies Record<CommandName, Role>;

/** The least role that hears each event; those that tell who may come in, and with what, are for Edit. */
export const eventRoles = {
  edited: 'view',
  document: 'view',
  show: 'view',
  devices: 'view',
  problems: 'view',
  access: 'edit',
  remote: 'edit',
  stopping: 'view',
  live: 'view',
  monitor: 'view',
  learn: 'edit',
  stats: 'view',
} as const satisfies Record<EventName, Role>;

/** Whether whoever has `role` may do what needs `least`. */
export function mayAs(role: Role, least: Role): boolean {
  return roles.indexOf(role) >= roles.indexOf(least);
}
