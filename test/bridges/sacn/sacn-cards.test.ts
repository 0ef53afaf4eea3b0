import { describe, expect, it } from 'vitest';
import { NearSenders } from '../../../src-main/bridges/sacn/sacn-cards.ts';
import type { NetworkCard } from '../../../src-main/contract/device.ts';

const card = (name: string, address: string, netmask = '255.255.255.0', loopback = false): NetworkCard => ({
  ...{ name, address, family: 'IPv4', netmask, loopback },
});
const cards = [
  card('eth0', '10.0.0.5'),
  card('eth0', '10.9.0.5'),
  card('eth1', '10.1.0.5'),
  card('eth2', '10.0.0.6'),
  card('lo', '127.0.0.1', '255.0.0.0', true),
];

describe('NearSenders', () => {
  it('[SA51] are those of the chosen network, those behind a router, and this machine', () => {
    const near = new NearSenders(() => cards);
    const seen = (wanted: string): boolean[] => {
      near.choose(wanted);
      const from = ['10.0.0.9', '10.9.0.9', '10.1.0.9', '192.168.3.3', '127.0.0.1', '10.1.0.5'];
      return from.map((address) => near.isNear(address));
    };
    expect(seen('eth0')).toEqual([true, true, false, true, true, false]);
    expect(seen('10.0.0.5')).toEqual([true, true, false, true, true, false]);
    expect(seen('eth1')).toEqual([false, false, true, true, true, true]);
    // Two cards of one network: what comes may have come by either.
    expect(seen('eth2')[0]).toBe(true);
    expect(seen('')).toEqual([true, true, true, true, true, true]);
  });

  it('[SA51] go by the cards as they are, remember what they looked up, and bound that', () => {
    let looks = 0;
    let now = cards;
    const near = new NearSenders(() => {
      looks++;
      return now;
    });
    near.choose('eth0');
    expect([near.isNear('10.1.0.9'), near.isNear('10.1.0.9'), looks]).toEqual([false, false, 1]);
    now = cards.filter(({ name }) => name !== 'eth1');
    near.choose('eth0');
    expect(near.isNear('10.1.0.9')).toBe(true);
    for (let i = 0; i < 1024; i++) near.isNear(`172.16.${i >> 8}.${i & 255}`);
    const before = looks;
    near.isNear('10.1.0.9');
    expect(looks).toBe(before + 1);
  });
});
