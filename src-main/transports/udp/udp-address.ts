/** Whether many may get what is sent there. @param address an IP address */
export function isShared(address: string): boolean {
  if (address.includes(':')) return /^ff/i.test(address);
  const first = Number(address.split('.')[0]);
  // The broadcast address of a network cannot be told from a host's; 255 at its end is what networks of homes and halls have.
  return (first >= 224 && first <= 239) || address.endsWith('.255');
}
