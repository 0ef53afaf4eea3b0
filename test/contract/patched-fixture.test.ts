import { describe, expect, it } from 'vitest';
import { describePlace, layPatch } from '../../src-main/contract/patched-fixture.ts';
import { sampleFixture, sampleProfile } from '../arbitrary-patch.ts';

describe('a patched fixture', () => {
  it('[FX4] has the channels of its mode on slots from its first one on, the coarse byte first', () => {
    const [laid] = layPatch({ profiles: [sampleProfile], patch: [sampleFixture({ slot: 17 })] });
    expect(laid?.slotCount).toBe(6);
    expect(laid?.channels.map(({ channel, slots }) => [channel.key, slots])).toEqual([
      ['dimmer', [17, 18]],
      ['red', [19]],
      ['pan', [20, 21]],
    ]);
    expect(laid && describePlace(laid.fixture, laid.slotCount)).toBe('U 1 slots 17–22');
    expect(describePlace({ universe: 3, slot: 9 }, 1)).toBe('U 3 slot 9');
  });

  it('[FX4] leaves out what has no profile or no such mode', () => {
    const patch = [sampleFixture({ profileId: 'gone' }), sampleFixture({ mode: 'gone' })];
    expect(layPatch({ profiles: [sampleProfile], patch })).toEqual([]);
  });
});
