/** Where a peer comes from, for limits: its host without the port. Of IPv6 the first 64 bits, which are one household's; an IPv4
 *  address inside IPv6 is that IPv4 address. What has no host (a serial port, a radio) is a source of its own.
 *  @param peer as connections have it: `tcp 10.0.0.5:53112`, `ws ::1:53112`, `serial /dev/ttyUSB0` */
export function sourceOf(peer: string): string {
  const host = peer
    .replace(/^\S+ /, '')
    .replace(/:\d+$/, '')
    .replace(/^\[(.*)\]$/, '$1');
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(host)?.[1];
  if (mapped !== undefined) return mapped;
  return host.includes('::') || host.split(':').length === 8 ? `${networkOf(host)}::/64` : host;
}

/** The first four groups, without leading zeros. */
function networkOf(address: string): string {
  const [head = '', tail] = address.replace(/%.*$/, '').split('::');
  const before = groupsOf(head);
  const after = groupsOf(tail ?? '');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length);
  const groups = [...before, ...Array<string>(zeros).fill('0'), ...after].slice(0, 4);
  return groups.map((group) => group.replace(/^0+(?=.)/, '').toLowerCase()).join(':');
}

function groupsOf(text: string): string[] {
  return text === '' ? [] : text.split(':');
}
