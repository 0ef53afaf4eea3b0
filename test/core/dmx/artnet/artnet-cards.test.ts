import { describe, expect, it } from 'vitest';
import { cardFor } from '../../../../src-main/core/dmx/artnet/artnet-cards.ts';

const lo = { name: 'lo', address: '127.0.0.1', netmask: '255.0.0.0', broadcast: '127.255.255.255' };
const eth0 = { name: 'eth0', address: '10.0.0.5', netmask: '255.255.0.0', broadcast: '10.0.255.255' };
const eth1 = { name: 'eth1', address: '10.0.1.5', netmask: '255.255.255.0', broadcast: '10.0.1.255' };

describe('cardFor', () => {
  it('[AN13] tells by which card an address is reached, its own addresses by themselves', () => {
    const names = ['10.0.0.9', '10.0.1.9', '10.0.1.5', '10.0.0.5', '127.0.0.9', '10.1.0.1'].map(
      (address) => cardFor([lo, eth0, eth1], address)?.name,
    );
    expect(names).toEqual(['eth0', 'eth1', 'eth1', 'eth0', 'lo', undefined]);
  });
});
