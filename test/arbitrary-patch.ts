import fc from 'fast-check';
import { channelKinds, type Fixture, type FixtureProfile, type SoftPatch } from '../src-main/contract/fixture.ts';

/** A profile with a dimmer of two slots, red, a pan that only one mode has whole, and a slot that does nothing. */
export const sampleProfile: FixtureProfile = {
  id: 'spot',
  maker: 'Lantern Works',
  model: 'Spot',
  channels: [
    { key: 'dimmer', name: 'Dimmer', kind: 'intensity', bytes: 2, default: 0, highlight: 65_535, ranges: [] },
    { key: 'red', name: 'Red', kind: 'red', bytes: 1, default: 0, highlight: null, ranges: [] },
    {
      key: 'pan',
      name: 'Pan',
      kind: 'pan',
      bytes: 2,
      default: 32_768,
      highlight: null,
      ranges: [
        { from: 0, to: 32_767, name: 'left' },
        { from: 32_768, to: 65_535, name: 'right' },
      ],
    },
  ],
  modes: [
    {
      name: 'long',
      slots: [
        { channel: 'dimmer', byte: 0 },
        { channel: 'dimmer', byte: 1 },
        { channel: 'red', byte: 0 },
        { channel: 'pan', byte: 0 },
        { channel: 'pan', byte: 1 },
        null,
      ],
    },
    {
      name: 'short',
      slots: [
        { channel: 'dimmer', byte: 0 },
        { channel: 'pan', byte: 0 },
      ],
    },
    { name: 'colour', slots: [{ channel: 'red', byte: 0 }] },
  ],
};

export function sampleFixture(some: Partial<Fixture> = {}): Fixture {
  return {
    id: 'par5',
    number: 5,
    name: 'PAR 5',
    profileId: 'spot',
    mode: 'long',
    bridgeId: 'sacn1',
    universe: 1,
    slot: 17,
    groupId: null,
    ...some,
  };
}

const word = fc.stringMatching(/^[a-z0-9]{1,8}$/);

/** Profiles, fixtures and a soft patch that fit together. */
export const arbitraryPatch: fc.Arbitrary<{
  profiles: FixtureProfile[];
  patch: Fixture[];
  softPatch: SoftPatch[];
}> = fc
  .record({
    names: fc.uniqueArray(word, { maxLength: 4 }),
    kinds: fc.array(fc.constantFrom(...channelKinds), { minLength: 1, maxLength: 4 }),
    universe: fc.integer({ min: 0, max: 63_999 }),
    moved: fc.uniqueArray(fc.integer({ min: 1, max: 512 }), { maxLength: 6 }),
  })
  .map(({ names, kinds, universe, moved }) => {
    const keys = kinds.map((_, i) => `c${i}`);
    const profile: FixtureProfile = {
      id: 'made',
      maker: 'Maker',
      model: 'Model',
      channels: kinds.map((kind, i) => ({
        ...{ key: keys[i] ?? '', name: `C ${i}`, kind, bytes: (i % 3) + 1 },
        ...{ default: i, highlight: null, ranges: [] },
      })),
      modes: [{ name: 'all', slots: keys.map((channel) => ({ channel, byte: 0 })) }],
    };
    const patch = names.map((name, i) =>
      sampleFixture({
        ...{ id: `f${i}`, number: i + 1, name, profileId: 'made', mode: 'all', bridgeId: 'b', universe },
        slot: 1 + i * keys.length,
      }),
    );
    const softPatch = moved.map((slot, i) => ({
      ...{ id: `s${i}`, bridgeId: 'b', universe, slot, count: 1 },
      to: [{ universe: universe === 0 ? 1 : universe - 1, slot }],
    }));
    return { profiles: [profile], patch, softPatch };
  });
