import type { NetworkInterfaceInfo } from 'node:os';
import { describe, expect, it } from 'vitest';
import { listLanCards } from '../../src-main/platform/lan-cards.ts';

describe('cards on networks with others', () => {
  it('[DC33] are listed with their broadcast address, without loopback, IPv6 and networks of two', () => {
    const cards = listLanCards(() => ({
      lo: [entry('127.0.0.1', '255.0.0.0', true)],
      wlan0: [entry('10.20.30.40', '255.255.240.0'), { ...entry('10.9.0.1', '255.255.255.0') }],
      eth0: [entry('192.168.1.5', '255.255.255.0')],
      tun0: [entry('10.8.0.2', '255.255.255.255'), entry('10.8.0.5', '255.255.255.254')],
      six: [{ ...entry('fd00::7', 'ffff::'), family: 'IPv6', scopeid: 0 }],
      odd: [entry('10.7.0.1', '')],
    }));
    expect(cards).toEqual([
      { name: 'eth0', address: '192.168.1.5', netmask: '255.255.255.0', broadcast: '192.168.1.255' },
      { name: 'wlan0', address: '10.20.30.40', netmask: '255.255.240.0', broadcast: '10.20.31.255' },
      { name: 'wlan0', address: '10.9.0.1', netmask: '255.255.255.0', broadcast: '10.9.0.255' },
    ]);
  });

  it('[AN13] are listed with loopback where other programs of this machine are meant too', () => {
    const cards = listLanCards(() => ({ lo: [entry('127.0.0.1', '255.0.0.0', true)] }), 'with-loopback');
    expect(cards).toEqual([{ name: 'lo', address: '127.0.0.1', netmask: '255.0.0.0', broadcast: '127.255.255.255' }]);
  });

  it('[DC33] are at most 32', () => {
    const many = Object.fromEntries(
      Array.from({ length: 99 }, (_, i) => [`veth${i}`, [entry(`10.0.${i}.1`, '255.255.255.0')]]),
    );
    expect(listLanCards(() => many)).toHaveLength(32);
  });
});

function entry(address: string, netmask: string, internal = false): NetworkInterfaceInfo {
  return { address, netmask, family: 'IPv4', mac: '00:00:00:00:00:00', internal, cidr: null };
}
