/** Every IPC channel between the shell and the preload, whole. */
export const channels = {
  /** shell → page: the port to the engine */
  port: 'flyrail:port',
  /** shell → page: a ShellCommand */
  command: 'flyrail:command',
  /** shell → page: the page is about to go; the port that comes with it is answered when nothing is left in a field */
  settle: 'flyrail:settle',
  /** page → shell: calls of ShellApi */
  pickShowToOpen: 'flyrail:pick-show-to-open',
  pickShowToSave: 'flyrail:pick-show-to-save',
  openExternal: 'flyrail:open-external',
} as const;
