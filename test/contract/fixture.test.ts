import { describe, expect, it } from 'vitest';
import {
  fixtureProfileSchema,
  fixtureSegment,
  rawMaxOf,
  type FixtureChannel,
  type FixtureProfile,
} from '../../src-main/contract/fixture.ts';
import { sampleProfile } from '../arbitrary-patch.ts';

const faultOf = (some: Partial<FixtureProfile>): string | undefined => {
  const read = fixtureProfileSchema.safeParse({ ...sampleProfile, ...some });
  return read.success ? undefined : `${read.error.issues[0]?.path.join('.')}: ${read.error.issues[0]?.message}`;
};
const dimmer: FixtureChannel = {
  key: 'dimmer',
  name: 'Dimmer',
  kind: 'intensity',
  bytes: 1,
  default: 0,
  highlight: null,
  ranges: [],
};
const withModes = (...slots: FixtureProfile['modes'][number]['slots'][]) =>
  faultOf({ modes: slots.map((each, i) => ({ name: `m${i}`, slots: each })) });

describe('a fixture profile', () => {
  it('[FX1] has channels of 8, 16 or 24 bits with values within them, and modes that put their bytes on slots', () => {
    expect(fixtureProfileSchema.parse(sampleProfile)).toEqual(sampleProfile);
    expect([1, 2, 3].map(rawMaxOf)).toEqual([255, 65_535, 16_777_215]);
    expect(faultOf({ channels: [{ ...dimmer, default: 256 }] })).toBe('channels.0.default: expected at most 255');
    expect(faultOf({ channels: [{ ...dimmer, highlight: 256 }] })).toBe('channels.0.highlight: expected at most 255');
    expect(faultOf({ channels: [{ ...dimmer, ranges: [{ from: 9, to: 3, name: 'x' }] }] })).toContain(
      'channels.0.ranges',
    );
    expect(faultOf({ channels: [dimmer, dimmer] })).toContain('channels.1.key: expected a key of its own');
    expect(faultOf({ channels: [{ ...dimmer, key: 'Main Dimmer' }] })).toContain('channels.0.key');
  });

  it('[FX2] refuses modes with unknown channels, a byte that is not there, twice, or without the coarser one', () => {
    expect(withModes([{ channel: 'laser', byte: 0 }])).toBe(
      'modes.0.slots: expected a channel of the profile, found "laser"',
    );
    expect(withModes([{ channel: 'dimmer', byte: 2 }])).toBe('modes.0.slots: expected byte 0 to 1 of "dimmer"');
    expect(withModes([{ channel: 'dimmer', byte: 1 }])).toBe('modes.0.slots: expected byte 0 of "dimmer" too');
    expect(
      withModes([
        { channel: 'red', byte: 0 },
        { channel: 'red', byte: 0 },
      ]),
    ).toContain('each byte of "red" once');
    expect(withModes([])).toContain('modes.0.slots');
    const [mode] = sampleProfile.modes;
    expect(mode && faultOf({ modes: [mode, mode] })).toContain('modes.1.name: expected a name of its own');
  });

  it('[FX3] makes a part of an address of a name, as OSC takes it', () => {
    expect(['PAR 5', 'Wash/Left *{2}', ' Été #3 ', '舞台', '…'].map(fixtureSegment)).toEqual([
      'par-5',
      'wash-left-2',
      'été-3',
      '舞台',
      '',
    ]);
  });
});
