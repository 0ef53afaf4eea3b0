import { describe, expect, it } from 'vitest';
import { parseTransportFlag } from '../../src-main/cli/transport-flag.ts';

describe('--transport', () => {
  it.each([
    ['tcp=0', { kind: 'tcp', port: 0 }],
    ['tcp=7332,host=::1', { kind: 'tcp', port: 7332, host: '::1' }],
    ['tcp=7332,host=[::1]', { kind: 'tcp', port: 7332, host: '::1' }],
    ['tls=0', { kind: 'tls', port: 0 }],
    ['wss=7443,cert=a.pem,key=b.pem', { kind: 'wss', port: 7443, cert: 'a.pem', key: 'b.pem' }],
    ['udp=0', { kind: 'udp', port: 0 }],
    [
      'udp=7333,host=0.0.0.0,group=239.5.0.1,group=239.5.0.2,mtu=1400',
      { kind: 'udp', port: 7333, host: '0.0.0.0', groups: ['239.5.0.1', '239.5.0.2'], mtu: 1400 },
    ],
  ])('[TP26] reads %s', (text, settings) => {
    expect(parseTransportFlag(text)).toEqual(settings);
  });

  it.each([
    ['', 'expected NAME=PORT'],
    ['tcp', 'expected NAME=PORT'],
    ['tcp=', 'expected NAME=PORT'],
    ['carrier=1', 'expected one of tcp, tls, wss, udp before the ='],
    ['toString=1', 'expected one of tcp, tls, wss, udp before the ='],
    ['wss=1,cert=a.pem', 'cert and key: expected both or none'],
    ['tcp=x', 'expected a port from 1 to 65535, or 0'],
    ['tcp=65536', 'expected a port from 1 to 65535, or 0'],
    ['tcp=-1', 'expected a port from 1 to 65535, or 0'],
    ['tcp=1,baud=9600', 'tcp has the options host, not baud'],
    ['tcp=1,', 'expected NAME=PORT'],
    ['tcp=1,host=a,host=b', 'host stands there twice'],
    ['tcp=1,host=a b', 'host: expected an address or a host name'],
    ['udp=1,group=10.0.0.1', 'group: expected a multicast address'],
    [`udp=1${',group=239.5.0.1'.repeat(17)}`, 'group: expected at most 16 of them'],
    ['udp=1,mtu=100', 'mtu: expected 576 to 65535 bytes'],
    ['udp=1,mtu=1e3', 'mtu: expected 576 to 65535 bytes'],
  ])('[TP26] refuses %s and says what was expected', (text, expected) => {
    expect(() => parseTransportFlag(text)).toThrow(
      expect.objectContaining({ code: 'bad-flag', message: expect.stringContaining(expected) as string }),
    );
  });
});
