import type { DnsRecord } from '../../ports/mdns.ts';

/** One service of this program, as it is to be found. */
export interface SharedService {
  /** `_clasp._tcp.local` */
  readonly type: string;
  /** one label, at most 63 bytes */
  readonly name: string;
  /** `flyrail-desk-1a2b3c4d.local`, no other machine's */
  readonly host: string;
  readonly port: number;
  readonly txt: readonly Uint8Array[];
  /** for so long others believe that it is there without asking again */
  readonly ttlSeconds: number;
}

/** What says where a service is, on the network of one card.
 *  @param address of this machine there: only that is reached from there
 *  @see RFC 6763 4, RFC 6762 10.2 */
export function serviceRecords(service: SharedService, address: string): readonly DnsRecord[] {
  const { type, host, port, txt, ttlSeconds: ttl } = service;
  const name = `${service.name}.${type}`;
  return [
    { name: type, type: 'PTR', ttl, data: name },
    { name, type: 'SRV', ttl, flush: true, data: { target: host, port } },
    { name, type: 'TXT', ttl, flush: true, data: txt },
    { name: host, type: 'A', ttl, flush: true, data: address },
    { name: '_services._dns-sd._udp.local', type: 'PTR', ttl, data: type },
  ];
}
