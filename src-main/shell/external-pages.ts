import { BlockList, isIP } from 'node:net';

/** The pages that Flyrail may open in the system's browser by name: nothing but these origins, over https. */
export const externalOrigins = ['https://github.com'] as const;

/** No machine of a network: this one, whoever has no address yet, and groups. What else runs here is not for a page to open. */
const noMachine = new BlockList();
for (const [network, prefix, family] of [
  ['0.0.0.0', 8, 'ipv4'],
  ['127.0.0.0', 8, 'ipv4'],
  ['224.0.0.0', 3, 'ipv4'],
  ['::', 96, 'ipv6'],
  ['ff00::', 8, 'ipv6'],
] as const)
  noMachine.addSubnet(network, prefix, family);

/** Whether it is a page of the list, or one of a machine on the network, as discovery finds them: by http or https at an address
 *  that is no name and not this machine's own. */
export function mayOpenExternally(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { origin, protocol, hostname, username, password } = new URL(url);
  if (username !== '' || password !== '') return false;
  if (externalOrigins.some((allowed) => allowed === origin)) return true;
  return (protocol === 'http:' || protocol === 'https:') && isMachine(hostname.replace(/^\[|\]$/g, ''));
}

function isMachine(address: string): boolean {
  const version = isIP(address);
  return version !== 0 && !noMachine.check(address, version === 4 ? 'ipv4' : 'ipv6');
}
