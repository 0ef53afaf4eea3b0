import { describe, expect, it } from 'vitest';
import { mdnsQuestions, readMdnsServices } from '../../../src-main/core/discovery/mdns-services.ts';
import type { DnsRecord } from '../../../src-main/ports/mdns.ts';
import { oneOf, seededChance, wholeNumber } from '../../seeded-chance.ts';

const sender = { address: '10.0.0.7', networkCard: 'eth0' };
const read = (records: readonly DnsRecord[], from = sender) => readMdnsServices(records, from, 'flyrail-me.local');
const text = (...pairs: string[]) => pairs.map((pair) => new TextEncoder().encode(pair));

function service(type: string, name = 'Desk', port = 9000): readonly DnsRecord[] {
  return [
    { name: type, type: 'PTR', ttl: 4500, data: `${name}.${type}` },
    { name: `${name}.${type}`, type: 'SRV', ttl: 120, data: { target: 'desk.local', port } },
    { name: `${name}.${type}`, type: 'TXT', ttl: 4500, data: text('') },
    { name: 'desk.local', type: 'A', ttl: 120, data: '10.0.0.7' },
  ];
}

describe('services in mDNS packets', () => {
  it('[DC12] are read with their kind, place and URL', () => {
    const [clasp] = service('_clasp._tcp.local');
    const records: DnsRecord[] = [
      ...(clasp ? [clasp] : []),
      { name: 'Desk._clasp._tcp.local', type: 'SRV', ttl: 120, data: { target: 'desk.local', port: 7340 } },
      { name: 'Desk._clasp._tcp.local', type: 'TXT', ttl: 4500, data: text('version=2', 'features=pes', 'ws=7341') },
      { name: 'desk.local', type: 'A', ttl: 120, data: '10.0.0.7' },
      { name: 'desk.local', type: 'AAAA', ttl: 120, data: 'fd00::7' },
    ];
    expect(read(records)).toEqual({
      goodbyes: [],
      unknown: [],
      sightings: [
        {
          kind: 'clasp',
          way: 'mdns',
          from: '10.0.0.7',
          networkCard: 'eth0',
          identities: ['mdns desk._clasp._tcp.local', 'clasp at 10.0.0.7 7341'],
          name: 'Desk',
          addresses: ['10.0.0.7', 'fd00::7'],
          port: 7341,
          url: 'ws://10.0.0.7:7341/clasp',
          features: ['p', 'e', 's'],
          holds: 120_000,
        },
      ],
    });
    const urls = ['_osc._udp.local', '_mqtt._tcp.local', '_http._tcp.local', '_clasp._tcp.local'].map(
      (type) => read(service(type)).sightings[0]?.url,
    );
    expect(urls).toEqual([
      'udp://10.0.0.7:9000',
      'mqtt://10.0.0.7:9000',
      'http://10.0.0.7:9000/',
      'ws://10.0.0.7:9000/clasp',
    ]);
    expect(mdnsQuestions.map(({ name, type }) => `${type} ${name}`)).toEqual([
      'PTR _clasp._tcp.local',
      'PTR _osc._udp.local',
      'PTR _http._tcp.local',
      'PTR _mqtt._tcp.local',
    ]);
  });

  it('[DC12] have the path of a page only where it is a plain one', () => {
    const pageAt = (path: string) => {
      const txt: DnsRecord = { name: 'Desk._http._tcp.local', type: 'TXT', ttl: 9, data: text(`path=${path}`) };
      return read([...service('_http._tcp.local').filter(({ type }) => type !== 'TXT'), txt]).sightings[0]?.url;
    };
    expect(pageAt('/show/index.html')).toBe('http://10.0.0.7:9000/show/index.html');
    expect(pageAt('show')).toBe('http://10.0.0.7:9000/show');
    for (const path of ['@evil.example/', '//', 'javascript:alert(1)', '/a b', '/"><script>', '\\\\x', '?x', '#x'])
      expect(pageAt(path)).toBe(path === '//' ? 'http://10.0.0.7:9000/' : 'http://10.0.0.7:9000/');
  });

  it('[DC13] whose address is left out are where the packet came from', () => {
    const some = service('_osc._udp.local').filter(({ type }) => type !== 'A');
    expect(read(some).sightings).toMatchObject([{ addresses: ['10.0.0.7'] }]);
    const loopback: DnsRecord = { name: 'desk.local', type: 'A', ttl: 120, data: '127.0.0.1' };
    expect(read([...some, loopback]).sightings).toMatchObject([{ addresses: ['10.0.0.7'] }]);
    const elsewhere: DnsRecord = { name: 'desk.local', type: 'A', ttl: 120, data: '10.0.0.9' };
    expect(read([...some, elsewhere]).sightings).toMatchObject([{ addresses: ['10.0.0.9'] }]);
    const six = { ...elsewhere, type: 'AAAA' as const, data: 'fd00::9' };
    expect(read([...some, six]).sightings[0]?.url).toBe('udp://[fd00::9]:9000');
  });

  it('[DC13] of which only the name is told are asked for', () => {
    const [pointer] = service('_osc._udp.local');
    expect(read(pointer ? [pointer] : [])).toEqual({
      sightings: [],
      goodbyes: [],
      unknown: [
        { name: 'Desk._osc._udp.local', type: 'SRV' },
        { name: 'Desk._osc._udp.local', type: 'TXT' },
      ],
    });
    const answers = service('_osc._udp.local').slice(1);
    expect(read(answers).sightings).toMatchObject([{ name: 'Desk', kind: 'osc' }]);
  });

  it('[DC14] say goodbye by a pointer or a place that holds for no time', () => {
    for (const type of ['PTR', 'SRV']) {
      const leaving = service('_osc._udp.local').map((record) =>
        record.type === type ? { ...record, ttl: 0 } : record,
      );
      expect(read(leaving)).toMatchObject({ goodbyes: ['mdns desk._osc._udp.local'], sightings: [] });
    }
  });

  it('[DC14] hold as long as the shortest of their records', () => {
    expect(read(service('_osc._udp.local')).sightings[0]?.holds).toBe(120_000);
  });

  it('[DC15] may have dots and capitals in their names', () => {
    const records = service('_OSC._udp.LOCAL', 'Desk 2.0 (FOH)');
    expect(read(records).sightings).toMatchObject([
      { name: 'Desk 2.0 (FOH)', identities: ['mdns desk 2.0 (foh)._osc._udp.local'] },
    ]);
  });

  it('[DC15] are left out when they are our own or of another type', () => {
    const own = service('_clasp._tcp.local').map((record) =>
      record.type === 'SRV' ? { ...record, data: { target: 'Flyrail-Me.local', port: 7330 } } : record,
    );
    const nothing = { sightings: [], goodbyes: [], unknown: [] };
    expect(read(own)).toEqual(nothing);
    expect(read(service('_ipp._tcp.local'))).toEqual(nothing);
    expect(read(service('_osc._udp.local', ''))).toEqual(nothing);
    expect(read([{ name: '_services._dns-sd._udp.local', type: 'PTR', ttl: 1, data: '_osc._udp.local' }])).toEqual(
      nothing,
    );
  });

  it('[DC16] are bounded and never harm, whatever a packet says', () => {
    const flood = Array.from({ length: 5000 }, (_, i) => service('_osc._udp.local', `n${i}`)).flat();
    expect(read(flood).sightings).toHaveLength(64);
    const seed = 5353;
    const chance = seededChance(seed);
    const names = [
      '',
      '.',
      '__proto__',
      '_osc._udp.local',
      'x._osc._udp.local',
      'desk.local',
      'a'.repeat(255),
      '\0\x1b',
    ];
    for (let run = 0; run < 3000; run++) {
      const records = Array.from({ length: wholeNumber(chance, 0, 12) }, (): DnsRecord => {
        const base = { name: oneOf(chance, names), ttl: oneOf(chance, [0, 1, 120, -1, 2 ** 31, 0xffff_ffff]) };
        const data = oneOf(chance, names);
        return oneOf<DnsRecord>(chance, [
          { ...base, type: 'PTR', data },
          { ...base, type: 'SRV', data: { target: data, port: oneOf(chance, [0, 9000, -1, 1e9]) } },
          { ...base, type: 'TXT', data: text(data, `${data}=${data}`) },
          { ...base, type: 'A', data },
        ]);
      });
      for (const { addresses, holds } of read(records).sightings) {
        expect(addresses, `seed ${seed}, run ${run}`).toEqual(['10.0.0.7']);
        expect(holds, `seed ${seed}, run ${run}`).not.toBeLessThan(1);
      }
    }
  });
});
