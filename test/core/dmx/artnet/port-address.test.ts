import { describe, expect, it } from 'vitest';
import { writePortAddress } from '../../../../src-main/contract/bridges/port-address.ts';
import { tryLongForm, tryPortAddress, tryToLongForm } from '../../../../src-main/core/dmx/artnet/port-address.ts';

describe('port addresses', () => {
  it('[AN4] are one number of 15 bits, and net, subnet and universe', () => {
    for (const portAddress of [0, 1, 15, 16, 255, 256, 0x1234, 32_767]) {
      const [net = 0, subnet = 0, universe = 0] = writePortAddress(portAddress).split('.').map(Number);
      expect(tryPortAddress(net, subnet, universe)).toBe(portAddress);
    }
    const outside: readonly (readonly [number, number, number])[] = [
      [128, 0, 0],
      [0, 16, 0],
      [0, 0, 16],
      [-1, 0, 0],
    ];
    for (const [net, subnet, universe] of outside) expect(tryPortAddress(net, subnet, universe)).toBeUndefined();
  });

  it('[AN38] are written in the long form, and nothing else is', () => {
    expect(tryToLongForm('/artnet', '/artnet/303/512')).toBe('/artnet/1/2/15/512');
    for (const address of ['/artnet/0/1', '/artnet/32767/17'])
      expect(tryLongForm('/artnet', tryToLongForm('/artnet', address) ?? '')).toBe(address);
    for (const address of ['/artnet/32768/1', '/artnet/1', '/artnet/1/0', '/artnets/1/1', '/artnet/0/0/0/1'])
      expect(tryToLongForm('/artnet', address)).toBeUndefined();
  });

  it('[AN4] are read in the long form too, and in no other', () => {
    expect(tryLongForm('/artnet', '/artnet/0/0/0/1')).toBe('/artnet/0/1');
    expect(tryLongForm('/artnet', '/artnet/1/2/15/512')).toBe('/artnet/303/512');
    for (const address of [
      '/artnet/1/2',
      '/artnet/0/0/16/1',
      '/artnet/00/0/0/1',
      '/artnet/0/0/0/0',
      '/artnet/0/0/0/1/2',
    ])
      expect(tryLongForm('/artnet', address)).toBeUndefined();
    expect(tryLongForm('/artnet', '/artnets/0/0/0/1')).toBeUndefined();
  });
});
