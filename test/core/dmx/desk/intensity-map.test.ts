import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { layPatch } from '../../../../src-main/contract/patched-fixture.ts';
import { intensityMapOf, reduce, unpatchedMap } from '../../../../src-main/core/dmx/desk/intensity-map.ts';
import { sampleFixture, sampleProfile } from '../../../arbitrary-patch.ts';

const mapOf = (...fixtures: Parameters<typeof sampleFixture>[0][]) =>
  intensityMapOf(layPatch({ profiles: [sampleProfile], patch: fixtures.map(sampleFixture) }));

describe('the grand master', () => {
  it('[DK7] reduces dimmers of fixtures, as one number however many slots they have, and every slot without a fixture', () => {
    const levels = new Uint8Array(512).fill(255);
    reduce(levels, mapOf({ slot: 1 }), 0.5);
    // 65535 / 2 is 32768 = 128, 0; red, pan and the slot that does nothing stay.
    expect([...levels.subarray(0, 8)]).toEqual([128, 0, 255, 255, 255, 255, 128, 128]);
  });

  it('[DK7] reduces the colours of a fixture that has no dimmer', () => {
    const levels = new Uint8Array(512).fill(200);
    reduce(levels, mapOf({ slot: 3, mode: 'colour' }), 0.25);
    expect([...levels.subarray(0, 4)]).toEqual([50, 50, 50, 50]);
    expect(mapOf({ slot: 3, mode: 'colour' }).single[2]).toBe(1);
    expect(mapOf({ slot: 3, mode: 'short' }).single[3]).toBe(0);
  });

  it('[DK7] leaves everything as it is at full, makes all dark at zero, and never lights anything', () => {
    const levels = fc.uint8Array({ minLength: 512, maxLength: 512 });
    fc.assert(
      fc.property(levels, fc.double({ min: 0, max: 1, noNaN: true }), (asked, factor) => {
        const map = mapOf({ slot: 1 }, { id: 'b', name: 'b', number: 2, slot: 100, mode: 'short' });
        const reduced = Uint8Array.from(asked);
        reduce(reduced, map, factor);
        const wide = (bytes: Uint8Array): number => (bytes[0] ?? 0) * 256 + (bytes[1] ?? 0);
        expect(Math.abs(wide(reduced) - wide(asked) * factor)).toBeLessThanOrEqual(0.5);
        for (let i = 6; i < 512; i++) expect(reduced[i]).toBeLessThanOrEqual(asked[i] ?? 0);
        if (factor === 1) expect(reduced).toEqual(Uint8Array.from(asked));
        const dark = Uint8Array.from(asked);
        reduce(dark, unpatchedMap, 0);
        expect(dark.every((level) => level === 0)).toBe(true);
      }),
    );
  });
});
