import { describe, expect, it } from 'vitest';
import { f64, integer, text, type Value } from '../../src-main/contract/signal.ts';
import { sampleFixture } from '../arbitrary-patch.ts';
import { dmxBench } from './dmx-bench.ts';

const par5 = sampleFixture({ slot: 17 });

describe('fixtures that play', () => {
  it('[FX8] lay a value on coarse and fine slots of one frame, never one without the other', () => {
    const { load, put, frames, clock } = dmxBench();
    load({ patch: [par5] });
    for (let step = 0; step <= 600; step++) {
      put('/fixtures/par-5/dimmer', integer(step * 109));
      clock.advance(7);
    }
    const seen = frames.map((levels) => (levels[16] ?? 0) * 256 + (levels[17] ?? 0));
    expect(seen.length).toBeGreaterThan(100);
    expect(seen.every((raw) => raw % 109 === 0)).toBe(true);
    expect(seen.at(-1)).toBe(65_400);
  });

  it('[FX9] give channels that nobody has set their defaults with the first value, and home gives them to all', () => {
    const { load, put, now } = dmxBench();
    load({ patch: [par5] });
    expect(now(1, 20)).toBeUndefined();
    put('/fixtures/par-5/red', f64(1));
    expect([17, 19, 20].map((slot) => now(1, slot))).toEqual([0, 255, 128]);
    put('/fixtures/par-5/pan', f64(0));
    put('/fixtures/par-5/dimmer', f64(1));
    expect(now(1, 20)).toBe(0);
    put('/fixtures/par-5/home', f64(1), 'event');
    expect([17, 19, 20].map((slot) => now(1, slot))).toEqual([0, 0, 128]);
  });

  it('[FX10] mix colours', () => {
    const { load, put, now } = dmxBench();
    load({ patch: [par5] });
    const colour: Value = { type: 'array', value: [0.5, 0, 0].map(f64) };
    put('/fixtures/par-5/color', colour);
    expect(now(1, 19)).toBe(128);
  });

  it('[FX11] have the router refuse what they cannot do; addresses of no fixture are free', () => {
    const { load, put, get } = dmxBench();
    load({ patch: [par5] });
    expect(put('/fixtures/par-5/laser', f64(1))).toMatchObject({
      message: 'PAR 5 has no laser. It has dimmer, red, pan.',
    });
    expect(put('/fixtures/par-5/red', text('full'))).toMatchObject({ message: 'PAR 5, Red takes a number.' });
    expect([get('/fixtures/par-5/laser'), get('/sacn/1/19')]).toEqual([undefined, undefined]);
    expect(put('/fixtures/other/laser', text('x'))).toBeUndefined();
    load({ patch: [] });
    expect(put('/fixtures/par-5/laser', f64(1))).toBeUndefined();
  });

  it('[FX12] go on where they are moved to, and leave the dark behind', () => {
    const { load, put, now } = dmxBench();
    load({ patch: [par5] });
    put('/fixtures/par-5/red', f64(1));
    put('/sacn/1/18', integer(33));
    load({ patch: [sampleFixture({ slot: 40 })] });
    expect([19, 42, 43].map((slot) => now(1, slot))).toEqual([0, 255, 128]);
    // Somebody else had set it since.
    expect(now(1, 18)).toBe(33);
    load({ patch: [sampleFixture({ slot: 41 })] });
    expect([42, 43, 44].map((slot) => now(1, slot))).toEqual([0, 255, 128]);
  });

  it('[FX12] change places', () => {
    const { load, put, now } = dmxBench();
    const other = sampleFixture({ id: 'par6', number: 6, name: 'PAR 6', slot: 40 });
    load({ patch: [par5, other] });
    put('/fixtures/par-5/red', integer(50));
    put('/fixtures/par-6/red', integer(60));
    load({
      patch: [
        { ...par5, slot: 40 },
        { ...other, slot: 17 },
      ],
    });
    expect([now(1, 19), now(1, 42)]).toEqual([60, 50]);
  });

  it('[FX12] come with their show to what stands, and leave alone what was set since', () => {
    const { load, put, now, clock } = dmxBench();
    put('/fixtures/par-5/red', integer(50));
    put('/fixtures/par-5/dimmer', integer(65_535));
    clock.advance(1000);
    put('/sacn/1/19', integer(5));
    load({ patch: [par5] });
    expect([now(1, 17), now(1, 18), now(1, 19)]).toEqual([255, 255, 5]);
  });
});
