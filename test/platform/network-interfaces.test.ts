import type { NetworkInterfaceInfo } from 'node:os';
import { describe, expect, it } from 'vitest';
import { findNetworkCard, listNetworkCards } from '../../src-main/platform/network-interfaces.ts';

const cards = listNetworkCards(() => ({
  lo: [entry('127.0.0.1', 'IPv4', true), entry('::1', 'IPv6', true)],
  eth1: [entry('fd00::7', 'IPv6'), entry('10.0.0.7', 'IPv4'), entry('10.0.0.8', 'IPv4')],
  eth0: [entry('192.168.1.5', 'IPv4')],
  tun9: undefined,
}));

describe('network cards', () => {
  it('[NW1] are listed by name, IPv4 first, loopback last', () => {
    expect(cards.map(({ name, address }) => `${name} ${address}`)).toEqual([
      'eth0 192.168.1.5',
      'eth1 10.0.0.7',
      'eth1 10.0.0.8',
      'eth1 fd00::7',
      'lo 127.0.0.1',
      'lo ::1',
    ]);
    expect(cards[0]).toEqual({
      ...{ name: 'eth0', address: '192.168.1.5', family: 'IPv4', netmask: '255.255.255.0', loopback: false },
    });
    expect(cards.at(-1)?.loopback).toBe(true);
  });

  it('[NW2] are found by name or by address, of the family asked for', () => {
    expect(findNetworkCard(cards, 'eth1')?.address).toBe('10.0.0.7');
    expect(findNetworkCard(cards, '10.0.0.8')?.name).toBe('eth1');
    expect(findNetworkCard(cards, 'eth1', 'IPv6')?.address).toBe('fd00::7');
    expect(findNetworkCard(cards, 'eth0', 'IPv6')).toBeUndefined();
    expect(findNetworkCard(cards, 'eth9')).toBeUndefined();
    expect(findNetworkCard(cards, '')).toBeUndefined();
  });

  it('[NW1] of this machine have loopback among them', () => {
    expect(listNetworkCards()).toContainEqual(
      expect.objectContaining({ address: '127.0.0.1', family: 'IPv4', loopback: true }),
    );
  });
});

function entry(address: string, family: 'IPv4' | 'IPv6', internal = false): NetworkInterfaceInfo {
  const common = { address, netmask: '255.255.255.0', mac: '00:00:00:00:00:00', internal, cidr: null };
  return family === 'IPv4' ? { ...common, family } : { ...common, family, scopeid: 0 };
}
