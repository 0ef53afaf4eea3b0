/** Every IPC channel between the shell and the preload, whole. */
export const channels = {
  /** shell → page: the port to the engine */
  port: 'flyrail:port',
  /** shell → page: a ShellCommand */
  command: 'flyrail:command',
  /** shell → page: the page is about to go; it comes with the time that the page has, and a port
   *  for what would be lost, see ShellApi.onSettle */
  settle: 'flyrail:settle',
  /** page → shell: calls of ShellApi */
  pickShowToOpen: 'flyrail:pick-show-to-open',
  pickShowToSave: 'flyrail:pick-show-to-save',
  openExternal: 'flyrail:open-external',
} as const;
