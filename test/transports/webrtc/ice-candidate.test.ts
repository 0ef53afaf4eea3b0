import { describe, expect, it } from 'vitest';
import { hostCandidate, parseCandidate } from '../../../src-main/transports/webrtc/ice-candidate.ts';

const host = 'candidate:1 1 UDP 2114977791 192.168.1.7 52396 typ host';

describe('a candidate', () => {
  it.each([
    ['as the library writes it', host, host],
    ['with a= before it', `a=${host}`, host],
    [
      'as Chromium writes it in JSON',
      JSON.stringify({
        candidate: 'candidate:3713 1 udp 2113937151 fd00::7 44301 typ host generation 0 ufrag Wb 1 network-cost 999',
        sdpMid: '0',
      }),
      'candidate:1 1 UDP 2113937151 fd00::7 44301 typ host',
    ],
  ])('[TP81] of a host on UDP is used, %s', (_, text, line) => {
    expect(parseCandidate(text)).toEqual({ kind: 'use', line });
  });

  it.each([
    ['the end of candidates', ''],
    ['the end of candidates in JSON', '{"candidate":"","sdpMid":"0"}'],
    ['a name that hides an address', host.replace('192.168.1.7', '2a1c5b6e-0d7f.local')],
    ['a name in the world', host.replace('192.168.1.7', 'example.com')],
    ['TCP', host.replace('UDP', 'TCP')],
    ['another component', host.replace('1 1 UDP', '1 2 UDP')],
    ['what a STUN server saw', host.replace('typ host', 'typ srflx raddr 10.0.0.1 rport 9')],
    ['a multicast address', host.replace('192.168.1.7', '239.1.2.3')],
    ['the address of all', host.replace('192.168.1.7', '255.255.255.255')],
    ['no address', host.replace('192.168.1.7', '0.0.0.0')],
    ['port 0', host.replace('52396', '0')],
    ['an IPv6 multicast address', host.replace('192.168.1.7', 'ff02::1')],
  ])('[TP81] that cannot help here is left alone: %s', (_, text) => {
    expect(parseCandidate(text)).toEqual({ kind: 'skip' });
  });

  it.each([
    'hello',
    '{',
    '{"candidate":7}',
    '[]',
    host.replace('52396', '70000'),
    host.replace('typ host', ''),
    `candidate:${'1'.repeat(40)} 1 UDP 1 10.0.0.1 1 typ host`,
    `${host} ${'x'.repeat(2000)}`,
    'candidate:1 1 UDP 1 10.0.0.1\r\na=setup:active 1 typ host',
  ])('[TP81] that is none is told from the others: %j', (text) => {
    expect(parseCandidate(text)).toEqual({ kind: 'bad' });
  });

  it('[TP81] of our own has 32 bits of priority', () => {
    expect(hostCandidate({ address: '127.0.0.1', port: 7 }, 2 ** 32 - 1)).toBe(
      'candidate:1 1 UDP 4294967295 127.0.0.1 7 typ host',
    );
  });
});
