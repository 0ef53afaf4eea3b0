import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../../src-main/contract/address.ts';
import { tryDmxAddress } from '../../../src-main/core/dmx/dmx-address.ts';

describe('tryDmxAddress', () => {
  it('[SA1] reads a universe and a slot under the prefix', () => {
    expect(tryDmxAddress('/sacn', parseAddress('/sacn/1/1'))).toEqual({ universe: 1, slot: 1 });
    expect(tryDmxAddress('/rig/dmx', parseAddress('/rig/dmx/63999/512'))).toEqual({ universe: 63_999, slot: 512 });
  });

  it.each([
    '/sacn',
    '/sacn/1',
    '/sacn/1/',
    '/sacn/1/513',
    '/sacn/1/0',
    '/sacn/0/1',
    '/sacn/01/1',
    '/sacn/1/1/1',
    '/sacn/1/-1',
  ])('[SA1] refuses %s', (text) => expect(tryDmxAddress('/sacn', parseAddress(text))).toBeUndefined());

  it.each(['/sacn/1/1.5', '/sacn/a/1', '/sacn/1/1e2', '/sacnx/1/1', '/other/1/1', '/sacn/999999/1', '/sacn/ 1/1'])(
    '[SA1] refuses %s',
    (text) => expect(tryDmxAddress('/sacn', parseAddress(text))).toBeUndefined(),
  );

  it('[AN4] reads universe 0 where universes count from 0, and 00 nowhere', () => {
    expect(tryDmxAddress('/artnet', parseAddress('/artnet/0/512'), 0)).toEqual({ universe: 0, slot: 512 });
    expect(tryDmxAddress('/artnet', parseAddress('/artnet/0/512'))).toBeUndefined();
    for (const address of ['/artnet/00/1', '/artnet/0/0'])
      expect(tryDmxAddress('/artnet', parseAddress(address), 0)).toBeUndefined();
  });
});
