import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../../../src-main/contract/address.ts';
import { bool, f64, integer, nullValue, text, type Value } from '../../../../src-main/contract/signal.ts';
import { readDeskWish } from '../../../../src-main/core/dmx/desk/desk-params.ts';
import { arbitrarySignal } from '../../../arbitrary-signal.ts';

const read = (address: string, value: Value) => readDeskWish(parseAddress(`/flyrail/dmx/${address}`), value);

describe('the params of the desk', () => {
  it('[DK10] takes 0 to 1 for the master and a switch for the blackout', () => {
    expect(read('master', f64(0.5))).toEqual({ is: 'master', level: 0.5 });
    expect(read('master', integer(1))).toEqual({ is: 'master', level: 1 });
    for (const bad of [f64(1.01), f64(-0.1), f64(NaN), bool(true), text('full'), nullValue, integer(255)])
      expect(read('master', bad)).toEqual({ is: 'bad', why: 'The grand master takes a number from 0 to 1.' });
    expect([bool(true), integer(1), f64(0)].map((value) => read('blackout', value))).toEqual([
      { is: 'blackout', on: true },
      { is: 'blackout', on: true },
      { is: 'blackout', on: false },
    ]);
    for (const bad of [f64(0.5), integer(2), text('on'), nullValue]) expect(read('blackout', bad).is).toBe('bad');
  });

  it('[DK10] takes a level for a slot by the address that the slot has, and null or false to let it go', () => {
    const slot = { prefix: '/sacn', universe: 1, slot: 17 };
    expect(read('park/sacn/1/17', integer(200))).toEqual({ is: 'park', slot, level: 200 });
    expect(read('park/sacn/1/17', f64(0.5))).toEqual({ is: 'park', slot, level: 128 });
    expect(read('park/sacn/1/17', nullValue)).toEqual({ is: 'park', slot, level: undefined });
    expect(read('park/sacn/1/17', bool(false))).toEqual({ is: 'park', slot, level: undefined });
    expect(read('park/art/net/0/1', integer(1))).toMatchObject({ slot: { prefix: '/art/net', universe: 0, slot: 1 } });
    for (const bad of [integer(256), integer(-1), f64(1.5), f64(NaN), bool(true), text('full')])
      expect(read('park/sacn/1/17', bad).is).toBe('bad');
    for (const address of ['park/sacn/1/0', 'park/sacn/1/513', 'park/sacn/01/1', 'park/1/1', 'park/sacn', 'mastre'])
      expect(read(address, integer(1)).is).toBe('bad');
  });

  it('[DK10] never throws, whatever comes', () => {
    fc.assert(
      fc.property(arbitrarySignal(['/flyrail/dmx', '/flyrail/dmx/park/sacn/1']), ({ address, value }) => {
        const wish = readDeskWish(address, value);
        if (wish.is === 'master') expect(wish.level >= 0 && wish.level <= 1).toBe(true);
        if (wish.is === 'park' && wish.level !== undefined)
          expect([wish.level >= 0, wish.level <= 255]).toEqual([true, true]);
      }),
    );
  });
});
