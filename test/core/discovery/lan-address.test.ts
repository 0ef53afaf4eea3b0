import { describe, expect, it } from 'vitest';
import { cardOf, ipv4Number, isHostAddress } from '../../../src-main/core/discovery/lan-address.ts';

const wide = { name: 'eth0', address: '10.0.0.5', netmask: '255.0.0.0', broadcast: '10.255.255.255' };
const narrow = { name: 'eth1', address: '10.1.2.5', netmask: '255.255.255.0', broadcast: '10.1.2.255' };
const high = { name: 'eth2', address: '192.168.1.5', netmask: '255.255.255.128', broadcast: '192.168.1.127' };

describe('addresses on the LAN', () => {
  it('[DC32] belong to the card whose network they are on, the narrowest of several', () => {
    const cards = [wide, narrow, high];
    const cardNameOf = (address: string) => cardOf(cards, address)?.name;
    expect(cardNameOf('10.9.9.9')).toBe('eth0');
    expect(cardNameOf('10.1.2.200')).toBe('eth1');
    expect(cardNameOf('192.168.1.126')).toBe('eth2');
    for (const elsewhere of ['192.168.1.129', '172.16.0.1', 'fe80::1', 'desk', '', '10.1.2.300'])
      expect(cardNameOf(elsewhere)).toBeUndefined();
    expect(cardOf([{ ...wide, netmask: '' }], '10.0.0.6')).toBeUndefined();
  });

  it('[DC7] count only where one machine may be dialled', () => {
    for (const good of ['10.0.0.5', '192.168.1.2', 'fd00::7', '2001:db8::1']) expect(isHostAddress(good)).toBe(true);
    for (const bad of [
      '127.0.0.1',
      '0.0.0.0',
      '224.0.0.251',
      '255.255.255.255',
      '::1',
      '::',
      'ff02::fb',
      'fe80::1',
      'desk',
      '',
      '10.0.0',
      'x:y',
    ])
      expect([bad, isHostAddress(bad)]).toEqual([bad, false]);
  });

  it('[DC32] are compared as numbers', () => {
    expect(ipv4Number('255.255.255.255')).toBe(2 ** 32 - 1);
    expect(ipv4Number('1.2.3.256')).toBeUndefined();
  });
});
