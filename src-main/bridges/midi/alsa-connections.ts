/** The ports of ALSA's sequencer that one of its ports is connected with, as `to 128:0` and `from 129:0`.
 *  @param clients the text of `/proc/asound/seq/clients`
 *  @param port `28:0`
 *  @see Linux, sound/core/seq/seq_clientmgr.c, snd_seq_info_clients_read */
export function alsaConnections(clients: string, port: string): ReadonlySet<string> {
  const found = new Set<string>();
  let [client, at] = ['', ''];
  for (const line of clients.split('\n')) {
    const words = line.replace(/"[^"]*"/, '""');
    client = /^Client +(\d+) :/.exec(words)?.[1] ?? client;
    const number = /^ +Port +(\d+) :/.exec(words)?.[1];
    if (number !== undefined) at = `${client}:${number}`;
    if (at !== port) continue;
    // Some kernels write them behind the port, in its line.
    const [, way, list = ''] = /(Connecting To|Connected From): (.*)$/.exec(words) ?? [];
    for (const [peer] of list.matchAll(/\d+:\d+/g)) found.add(`${way === 'Connecting To' ? 'to' : 'from'} ${peer}`);
  }
  return found;
}

export interface ConnectionWatchOptions<T> {
  /** the text of `/proc/asound/seq/clients`; undefined where there is none */
  readonly read: () => string | undefined;
  /** as the list of ports has it, with its numbers at the end */
  readonly name: string;
  /** connects the port */
  readonly open: () => T;
}

/** Opens a port and learns which connection that made. ALSA cuts it when the device is pulled out, and says so to nobody; a device
 *  that is back at once has the same name and numbers.
 *  @returns what was opened, and whether it is still connected; always true where that cannot be seen */
export function openWatched<T>({ read, name, open }: ConnectionWatchOptions<T>): {
  readonly opened: T;
  readonly isConnected: () => boolean;
} {
  const port = / (\d+:\d+)$/.exec(name)?.[1];
  const connections = (): ReadonlySet<string> | undefined => {
    const clients = port === undefined ? undefined : read();
    return clients === undefined || port === undefined ? undefined : alsaConnections(clients, port);
  };
  const before = connections();
  const opened = open();
  const made = [...(connections() ?? [])].filter((each) => before?.has(each) === false);
  // Two at once: another program came in between, and which one is ours is not known.
  const [own] = made.length === 1 ? made : [];
  return { opened, isConnected: () => own === undefined || connections()?.has(own) !== false };
}
