import type { CommandName, EventName } from './engine-api.ts';
import type { Role } from './role.ts';

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
