import { describe, expect, it } from 'vitest';
import { bool, f64, integer, nullValue, text } from '../../src-main/contract/signal.ts';
import { testHeldFor } from '../../src-main/engine/dmx-control.ts';
import { sacnSettings } from '../bridges/bridge-settings.ts';
import { dmxBench } from './dmx-bench.ts';

const park = '/flyrail/dmx/park/sacn/1/2';

describe('the desk by its params', () => {
  it('[DK15] follows whoever sets master, blackout and park', () => {
    const { load, put, now } = dmxBench();
    load();
    put('/sacn/1/1', integer(200));
    put(park, integer(9));
    put('/flyrail/dmx/master', f64(0.5));
    expect([now(1, 1), now(1, 2)]).toEqual([100, 9]);
    put('/flyrail/dmx/blackout', bool(true));
    expect([now(1, 1), now(1, 2)]).toEqual([0, 9]);
    put('/flyrail/dmx/blackout', bool(false));
    put(park, nullValue);
    expect([now(1, 1), now(1, 2)]).toEqual([100, 0]);
  });

  it('[DK15] makes what stays of a stream or an event', () => {
    const { load, put, now, get } = dmxBench();
    load();
    put('/sacn/1/1', integer(200));
    put('/flyrail/dmx/master', f64(0.25), 'stream');
    put('/flyrail/dmx/blackout', bool(true), 'event');
    expect([get('/flyrail/dmx/master'), get('/flyrail/dmx/blackout')]).toEqual([f64(0.25), bool(true)]);
    expect(now(1, 1)).toBe(0);
  });

  it('[DK10] has the router refuse what it cannot follow, and stays as it was', () => {
    const { load, put, now, get } = dmxBench();
    load();
    put('/sacn/1/1', integer(200));
    expect(put('/flyrail/dmx/master', f64(2))).toMatchObject({
      message: 'The grand master takes a number from 0 to 1.',
    });
    expect(put('/flyrail/dmx/blackout', text('on'), 'event')).toMatchObject({
      message: 'Blackout takes true or false.',
    });
    expect(put('/flyrail/dmx/park/sacn/1/513', integer(1))).toBeDefined();
    expect(put('/flyrail/dmx/mastre', f64(0))).toBeDefined();
    expect(put('/flyrail/other', f64(2))).toBeUndefined();
    expect([now(1, 1), get('/flyrail/dmx/master')]).toEqual([200, undefined]);
  });

  it('[DK15] begins where an earlier run ended', () => {
    const { load, now, put } = dmxBench([
      ['/flyrail/dmx/blackout', bool(true)],
      [park, integer(7)],
    ]);
    load();
    put('/sacn/1/1', integer(200));
    expect([now(1, 1), now(1, 2)]).toEqual([0, 7]);
  });

  it('[DK15] outlives the show on the table: what went with it is said again', () => {
    const { load, put, router, get } = dmxBench();
    load();
    put('/flyrail/dmx/blackout', bool(true));
    put(park, integer(7));
    router.params.forgetOwn();
    expect(get(park)).toBeUndefined();
    load({ id: 'other' });
    expect([get('/flyrail/dmx/blackout'), get(park), get('/flyrail/dmx/master')]).toEqual([
      bool(true),
      integer(7),
      undefined,
    ]);
  });

  it('[DK9] parks by address: a bridge that takes another prefix leaves what is parked behind', () => {
    const { load, put, now } = dmxBench();
    load();
    put(park, integer(7));
    expect(now(1, 2)).toBe(7);
    put('/flyrail/dmx/park/node/1/2', integer(8));
    load({ bridges: [sacnSettings({ prefix: '/node' })] });
    expect(now(1, 2)).toBe(8);
    load({ bridges: [sacnSettings({ prefix: '/away' })] });
    expect(now(1, 2)).toBe(0);
  });

  it('[DK16] holds a slot for a test as long as it is asked for, and parks again what was parked', () => {
    const { load, put, now, dmx, clock } = dmxBench();
    load();
    const place = { bridgeId: 'sacn1', universe: 1, slot: 2 };
    put(park, integer(7));
    dmx.control.test({ ...place, level: 255 });
    expect(now(1, 2)).toBe(255);
    clock.advance(testHeldFor - 100);
    dmx.control.test({ ...place, level: 100 });
    clock.advance(testHeldFor - 100);
    put(park, integer(8));
    expect(now(1, 2)).toBe(100);
    clock.advance(100);
    expect(now(1, 2)).toBe(8);
    dmx.control.test({ ...place, level: 1 });
    dmx.control.test({ ...place, level: null });
    expect(now(1, 2)).toBe(8);
    expect(() => dmx.control.test({ ...place, bridgeId: 'gone', level: 1 })).toThrow('The show has no bridge gone');
    dmx.stop();
  });
});
