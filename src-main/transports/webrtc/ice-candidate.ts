import { isIP } from 'node:net';

/** Where a peer says that it is: `use` as the library takes it; `skip` for what does not help here; `bad` for what is none. */
export type HeardCandidate =
  { readonly kind: 'use'; readonly line: string } | { readonly kind: 'skip' } | { readonly kind: 'bad' };

const textMax = 1024;
const shape =
  /^(?:a=)?candidate:[A-Za-z0-9+/]{1,32} (\d{1,3}) (\w{1,8}) (\d{1,10}) ([\w.:%-]{1,253}) (\d{1,5}) typ (\w{1,8})(?: |$)/;

/** Reads what a peer trickles: a candidate line, or JSON as browsers write it. Names are skipped, so that nobody makes the
 *  router ask a name server: browsers hide their addresses behind `….local`, and are found by the packets that they send.
 *  Whatever is no host on UDP is skipped too.
 *  @see RFC 8839 5.1 */
export function parseCandidate(text: string): HeardCandidate {
  const line = text.length > textMax ? undefined : unwrap(text);
  if (line === '') return { kind: 'skip' };
  const [, component, transport, priority, address = '', port, type] = shape.exec(line ?? '') ?? [];
  if (component === undefined || !(Number(port) <= 65_535)) return { kind: 'bad' };
  const isHost = component === '1' && transport?.toUpperCase() === 'UDP' && type === 'host' && Number(port) > 0;
  if (!isHost || !isOneMachine(address)) return { kind: 'skip' };
  return { kind: 'use', line: hostCandidate({ address, port: Number(port) }, Number(priority)) };
}

/** @param priority of 32 bits; higher ones are tried first */
export function hostCandidate(
  { address, port }: { readonly address: string; readonly port: number },
  priority: number,
): string {
  return `candidate:1 1 UDP ${priority >>> 0} ${address} ${port} typ host`;
}

/** Neither a name nor the address of many. */
function isOneMachine(address: string): boolean {
  if (isIP(address) === 4) return !/^(0\.|22[4-9]\.|23\d\.|24\d\.|25\d\.)/.test(address);
  return isIP(address) === 6 && !/^(::$|ff)/i.test(address) && !address.includes('%');
}

function unwrap(text: string): string | undefined {
  if (!text.startsWith('{')) return text;
  try {
    const parsed: unknown = JSON.parse(text);
    const isOne = typeof parsed === 'object' && parsed !== null && 'candidate' in parsed;
    return isOne && typeof parsed.candidate === 'string' ? parsed.candidate : undefined;
  } catch {
    return undefined;
  }
}
