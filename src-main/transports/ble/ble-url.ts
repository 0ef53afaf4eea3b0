import { dialFault } from '../socket-faults.ts';

/** Who is dialled, and by which adapter. */
export interface BleAddress {
  /** as it calls itself, or its address */
  readonly name: string;
  /** number of the adapter on Linux; the system's first without */
  readonly hci: number | undefined;
}

/** `ble://NAME`, with what a URL cannot hold written as `%20`. */
export function bleUrl(name: string): string {
  return `ble://${encodeURIComponent(name)}`;
}

/** @param url `ble://NAME` or `ble://aa-bb-cc-dd-ee-ff`, and `?hci=1` for another adapter than the first
 *  @throws UnavailableError 'cannot-open-port' for what is no such URL */
export function parseBleUrl(url: string): BleAddress {
  const { protocol, hostname, searchParams } = URL.canParse(url) ? new URL(url) : new URL('none:');
  const hci = searchParams.get('hci');
  const name = decoded(hostname);
  if (protocol !== 'ble:' || name === '' || (hci !== null && !/^\d{1,2}$/.test(hci)))
    throw dialFault(url, 'expected ble://NAME or ble://aa-bb-cc-dd-ee-ff, then perhaps ?hci=1');
  return { name, hci: hci === null ? undefined : Number(hci) };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}
