/** Whom an address belongs to, for shares and bounds: an IPv4 address itself; of IPv6 the first 64 bits, since one host has all
 *  addresses behind them.
 *  @param address as a socket tells it: IPv4, IPv4 in IPv6, or IPv6 with or without a zone */
export function sourceOf(address: string): string {
  const [written = ''] = address.toLowerCase().split('%');
  const ipv4 = /^(?:::ffff:)?(\d+\.\d+\.\d+\.\d+)$/.exec(written)?.[1];
  if (ipv4 !== undefined) return ipv4;
  const [head = '', tail] = written.split('::');
  const before = groupsOf(head);
  const after = tail === undefined ? [] : groupsOf(tail);
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length);
  const groups = [...before, ...Array.from({ length: zeros }, () => '0'), ...after];
  return `${groups.slice(0, 4).join(':')}::/64`;
}

/** An IPv4 address at the end stands for two groups, which are never among the first four. */
function groupsOf(text: string): string[] {
  if (text === '') return [];
  return text.split(':').flatMap((group) => (group.includes('.') ? ['v4', 'v4'] : group.replace(/^0+(?=.)/, '')));
}
