import type { networkInterfaces } from 'node:os';
import { describe, expect, it } from 'vitest';
import { broadcastAddressOf, isInNetworkOf } from '../../src-main/platform/broadcast-address.ts';

const read = (address: string, netmask: string): typeof networkInterfaces => {
  const card = { address, netmask, family: 'IPv4', internal: false, mac: '00:00:00:00:00:00', cidr: null } as const;
  return () => ({ lan: [card] });
};

describe('the broadcast address of a card', () => {
  it.each([
    ['10.0.0.5', '255.255.255.0', '10.0.0.255'],
    ['172.16.5.4', '255.240.0.0', '172.31.255.255'],
    ['192.168.1.70', '255.255.255.192', '192.168.1.127'],
    ['10.1.2.3', '255.0.0.0', '10.255.255.255'],
    ['10.0.0.1', '255.255.255.254', undefined],
    ['10.0.0.1', '255.255.255.255', undefined],
  ])('[NW21] of %s with the mask %s is %s', (address, netmask, expected) => {
    expect(broadcastAddressOf(address, read(address, netmask))).toBe(expected);
  });

  it('[NW21] tells who is in its network', () => {
    const lan = read('10.0.1.5', '255.255.254.0');
    expect(
      ['10.0.0.9', '10.0.1.255', '10.0.2.1', '11.0.1.5'].map((other) => isInNetworkOf('10.0.1.5', other, lan)),
    ).toEqual([true, true, false, false]);
    expect(isInNetworkOf('10.9.9.9', '10.9.9.9', lan)).toBe(false);
  });

  it('[NW21] is not known of an address that no card has', () => {
    expect(broadcastAddressOf('10.0.0.6', read('10.0.0.5', '255.255.255.0'))).toBeUndefined();
  });
});
