import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src-main/contract/errors.ts';
import { fixtureProfileSchema, profileTextMax, type FixtureProfile } from '../../../src-main/contract/fixture.ts';
import { importProfile } from '../../../src-main/platform/fixture-import/import-profile.ts';

const textOf = (name: string) => readFileSync(new URL(`../../fixtures/profiles/${name}`, import.meta.url), 'utf8');
const read = (name: string) => importProfile(name, textOf(name));
const slotsOf = ({ modes }: FixtureProfile, mode: string) =>
  modes
    .find(({ name }) => name === mode)
    ?.slots.map((slot) => slot && `${slot.channel}${slot.byte > 0 ? `.${slot.byte}` : ''}`);
const channelOf = ({ channels }: FixtureProfile, key: string) => channels.find((channel) => channel.key === key);

describe('a fixture of the Open Fixture Library', () => {
  it('[FX13] becomes a profile with its maker, kinds, resolutions, defaults, ranges and modes', async () => {
    const { profile, notes } = await read('lantern-works/wash-600.json');
    expect([profile.id, profile.maker, profile.model]).toEqual(['lantern-works-wash-600', 'Lantern Works', 'Wash 600']);
    expect(Object.fromEntries(profile.channels.map(({ key, kind, bytes }) => [key, [kind, bytes]]))).toMatchObject({
      ...{ pan: ['pan', 2], tilt: ['tilt', 3], dimmer: ['intensity', 2], shutter: ['shutter', 1], zoom: ['zoom', 1] },
      ...{ 'gobo-wheel': ['gobo', 1], colours: ['color', 1], warm: ['warm-white', 1], programs: ['effect', 1] },
      ...{ 'speed-sound': ['other', 1], reserved: ['none', 1], 'made-up': ['other', 1] },
    });
    expect(channelOf(profile, 'pan')).toMatchObject({ default: 32_767, highlight: 32_768 });
    expect(channelOf(profile, 'tilt')).toMatchObject({ default: 0x7f_7f_7f });
    expect(channelOf(profile, 'shutter')?.ranges).toEqual([
      { from: 0, to: 9, name: 'Closed' },
      { from: 10, to: 249, name: 'Strobe slow to fast' },
      { from: 250, to: 255, name: 'Open' },
    ]);
    expect(channelOf(profile, 'gobo-wheel')?.ranges.map(({ name }) => name)).toEqual(['Open', 'Leaves', 'Gobo 2']);
    expect(slotsOf(profile, '16-bit')?.slice(0, 7)).toEqual([
      'pan',
      'pan.1',
      'tilt',
      'tilt.1',
      'tilt.2',
      'dimmer',
      'dimmer.1',
    ]);
    expect(slotsOf(profile, '16-bit')?.slice(13)).toEqual(['speed-sound', null, 'reserved', 'made-up']);
    expect(slotsOf(profile, '8-bit')).toEqual(['pan', 'tilt', 'dimmer', 'shutter']);
    // A fine byte without its coarse one, one twice, and one that nothing describes.
    expect(slotsOf(profile, 'odd')).toEqual(['dimmer-fine-alone', 'pan', 'pan-alone', null]);
    expect(notes).toHaveLength(2);
  });

  /** @param channels available, or those of a template for a pixel 1 */
  async function channelsOf(channels: object, more: object = {}) {
    const names = Object.values(channels).flatMap(
      (channel: { fineChannelAliases?: string[] }) => channel.fineChannelAliases ?? [],
    );
    const mode = {
      name: 'all',
      channels: [...Object.keys(channels), ...names, ...('aliases' in more ? (more.aliases as string[]) : [])],
    };
    const fixture = { name: 'Lamp', availableChannels: channels, modes: [mode], ...more };
    return importProfile('lamp.json', JSON.stringify(fixture));
  }
  const caps = (...ranges: [from: number, to: number, words: object][]) => ({
    capabilities: ranges.map(([from, to, words]) => ({ dmxRange: [from, to], ...words })),
  });

  it('[FX18] begins a switching channel as what it is while its trigger has its default, and knows what it always is', async () => {
    const programs = (defaultValue: string | number) => ({
      ...{ fineChannelAliases: ['Programs fine'], dmxValueResolution: '8bit', defaultValue },
      ...caps(
        [
          0,
          127,
          {
            type: 'NoFunction',
            switchChannels: { 'Speed / Sound': 'Speed', Level: 'Dimmer', 'Low byte': 'Dimmer fine' },
          },
        ],
        [
          128,
          255,
          { type: 'Effect', switchChannels: { 'Speed / Sound': 'Sound', Level: 'Strobe level', 'Low byte': 'Sound' } },
        ],
      ),
    });
    const rest = {
      Speed: { defaultValue: 30, capability: { type: 'EffectSpeed' } },
      Sound: { defaultValue: '50%', highlightValue: 200, capability: { type: 'SoundSensitivity' } },
      Dimmer: { fineChannelAliases: ['Dimmer fine'], defaultValue: 0x1234, capability: { type: 'Intensity' } },
      'Strobe level': { capability: { type: 'Intensity' } },
    };
    const aliases = ['Speed / Sound', 'Level', 'Low byte'];
    const { profile, notes } = await channelsOf({ Programs: programs(0), ...rest }, { aliases });
    const standing = ({ channels }: FixtureProfile) =>
      ['speed-sound', 'level', 'low-byte'].map((key) => {
        const channel = channels.find((each) => each.key === key);
        return [channel?.kind, channel?.default, channel?.highlight];
      });
    expect(standing(profile)).toEqual([
      ['other', 30, null],
      ['intensity', 0x12, null],
      ['other', 0x34, null],
    ]);
    expect(notes).toContain('Speed / Sound is Speed or Sound, as Programs stands: it is taken as it is.');
    const other = await channelsOf({ Programs: programs('60%'), ...rest }, { aliases });
    expect(standing(other.profile)).toEqual([
      ['other', 127, 200],
      ['intensity', 0, null],
      ['other', 127, 200],
    ]);
  });

  it('[FX18] begins the switching channels of pixels each as its own', async () => {
    const template = {
      'Mode $pixelKey': caps(
        [0, 99, { type: 'NoFunction', switchChannels: { 'Value $pixelKey': 'Red $pixelKey' } }],
        [100, 255, { type: 'Effect', switchChannels: { 'Value $pixelKey': 'Speed' } }],
      ),
      'Red $pixelKey': { defaultValue: 77, capability: { type: 'ColorIntensity', color: 'Red' } },
    };
    const { profile, notes } = await channelsOf(
      {
        'Red 2': { defaultValue: 9, capability: { type: 'ColorIntensity', color: 'Red' } },
        Speed: { capability: { type: 'Speed' } },
      },
      {
        templateChannels: template,
        matrix: { pixelCount: [2, 1, 1] },
        aliases: ['Mode 1', 'Value 1', 'Mode 2', 'Value 2'],
      },
    );
    expect(['value-1', 'value-2'].map((key) => channelOf(profile, key)?.default)).toEqual([77, 9]);
    expect(notes[0]).toBe('Value 1 is Red 1 or Speed, as Mode 1 stands: it is taken as it is.');
  });

  it('[FX19] scales values as the library does: a finer one repeats the last byte, ranges meet, percentages are cut', async () => {
    const coarse = { fineChannelAliases: ['a fine', 'a finest'], dmxValueResolution: '8bit' };
    const { profile } = await channelsOf({
      A: {
        ...coarse,
        defaultValue: '50%',
        highlightValue: '100%',
        ...caps([0, 254, { type: 'Pan' }], [255, 255, { type: 'NoFunction' }]),
      },
      B: { fineChannelAliases: ['b 2', 'b 3', 'b 4'], defaultValue: 0x12_34_56_78, capability: { type: 'Tilt' } },
      C: { defaultValue: '50%', highlightValue: '33.4%', capability: { type: 'Zoom' } },
    });
    expect(channelOf(profile, 'a')).toMatchObject({
      ...{ default: 0x7f_7f_7f, highlight: 0xff_ff_ff },
      ranges: [
        { from: 0, to: 0xfe_ff_ff },
        { from: 0xff_00_00, to: 0xff_ff_ff },
      ],
    });
    expect(channelOf(profile, 'b')).toMatchObject({
      bytes: 3,
      default: 0x12_34_56,
      ranges: [{ from: 0, to: 0xff_ff_ff }],
    });
    expect(channelOf(profile, 'c')).toMatchObject({ default: 127, highlight: 85 });
  });

  it('[FX19] names the slots of a wheel: by number among those alike, and both where it stands between two', async () => {
    const slots = [{ type: 'Open' }, { type: 'Color', name: 'Red' }, { type: 'Gobo' }, { type: 'Gobo' }];
    const at = (slotNumber: number) => ({ type: 'WheelSlot', slotNumber });
    const { profile } = await channelsOf(
      {
        Wheel: caps(
          [0, 9, at(1)],
          [10, 19, at(1.5)],
          [20, 29, at(4)],
          [30, 39, at(4.5)],
          [40, 49, at(9)],
          [50, 255, { type: 'WheelSlot', slotNumberStart: 1, slotNumberEnd: 3 }],
        ),
      },
      { wheels: { Wheel: { slots } } },
    );
    expect(channelOf(profile, 'wheel')?.ranges.map(({ name }) => name)).toEqual([
      ...['Open', 'Open / Red', 'Gobo 2', 'Gobo 2 / Open', 'wheel slot', 'Open to Gobo 1'],
    ]);
  });

  it('[FX13] goes through the pixels of a matrix in every order, by template, by group and by name', async () => {
    const { profile, notes } = await read('pixel-bar.json');
    expect(slotsOf(profile, 'xyz')?.slice(0, 7)).toEqual(['master', 'red-l', 'blue-l', null, 'red-r', 'blue-r', null]);
    expect(slotsOf(profile, 'yxz')?.slice(0, 5)).toEqual(['blue-l', 'blue-10', 'blue-9', 'blue-r', 'blue-2']);
    expect(slotsOf(profile, 'abc')).toEqual(['blue-2', 'blue-9', 'blue-10', 'blue-l', 'blue-r']);
    expect(slotsOf(profile, 'groups')).toEqual(['red-top', 'red-top.1', 'red-bottom', 'red-bottom.1']);
    expect(slotsOf(profile, 'named')).toEqual(['blue-9', 'blue-r', 'blue-top']);
    expect(channelOf(profile, 'red-l')).toMatchObject({ name: 'Red of L', bytes: 2, kind: 'red' });
    expect(channelOf(profile, 'red-r')).toMatchObject({ bytes: 1, default: 9 });
    expect(notes).toEqual(['The order eachPixelSpiral is not known; its channels were left out.']);
  });

  it('[FX13] counts the pixels of a matrix that names none', async () => {
    const modeOf = async (pixelCount: number[], repeatFor: string) => {
      const insert = {
        insert: 'matrixChannels',
        repeatFor,
        channelOrder: 'perPixel',
        templateChannels: ['Red $pixelKey'],
      };
      const fixture = {
        ...{ name: 'Panel', matrix: { pixelCount }, modes: [{ name: 'all', channels: [insert] }] },
        templateChannels: { 'Red $pixelKey': { capability: { type: 'ColorIntensity', color: 'Red' } } },
      };
      const { profile } = await importProfile('panel.json', JSON.stringify(fixture));
      return profile.channels.map(({ name }) => name);
    };
    expect(await modeOf([3, 1, 1], 'eachPixelXYZ')).toEqual(['Red 1', 'Red 2', 'Red 3']);
    const square = await modeOf([2, 2, 1], 'eachPixelXYZ');
    expect(square).toEqual(['Red (1, 1)', 'Red (2, 1)', 'Red (1, 2)', 'Red (2, 2)']);
    expect((await modeOf([2, 2, 2], 'eachPixelZYX')).toSorted()).toHaveLength(8);
  });
});

describe('a fixture of QLC+', () => {
  it('[FX14] becomes a profile with its presets, groups, colours, fine channels, capabilities and defaults', async () => {
    const { profile, notes } = await read('profile-900.qxf');
    expect([profile.maker, profile.model]).toEqual(['Lantern & Sons', 'Profile 900 – S']);
    expect(profile.channels.map(({ key, kind, bytes, default: level }) => [key, kind, bytes, level])).toEqual([
      ['pan', 'pan', 2, 127 * 256 + 128],
      ['dimmer', 'intensity', 2, 0],
      ['red', 'red', 2, 0],
      ['gobos', 'gobo', 1, 0],
      ['function', 'effect', 1, 0],
      ['beam', 'other', 1, 0],
      ['zoom', 'zoom', 1, 0],
      ['nothing', 'none', 1, 0],
      ['lonely-fine', 'other', 1, 0],
    ]);
    expect(channelOf(profile, 'gobos')?.ranges).toEqual([
      { from: 0, to: 9, name: 'Open' },
      { from: 10, to: 19, name: 'Leaves <soft>' },
      { from: 200, to: 255, name: 'GoboShakeMacro' },
    ]);
    expect(slotsOf(profile, 'Full')).toEqual([
      ...['pan', 'pan.1', 'dimmer', 'dimmer.1', 'red', 'red.1', 'gobos', 'function', 'beam', 'zoom', null, 'nothing'],
      'lonely-fine',
    ]);
    expect(slotsOf(profile, 'Short')).toEqual(['dimmer']);
    expect(notes).toEqual(['Function changes what other channels do: they are taken as they are.']);
  });
});

/** As real files have them: names over lines, presets without a group, marks of fine channels that are none. */
const worn = `<FixtureDefinition><Manufacturer>M</Manufacturer><Model>Worn</Model>
  <Channel Name="Rotate&#10;Coarse&#10;"><Group Byte="0">Effect</Group></Channel>
  <Channel Name="Rotate&#10;Fine&#10;"><Group Byte="1">Effect</Group></Channel>
  <Channel Name="Gobo rotation"><Group Byte="0">Gobo</Group></Channel>
  <Channel Name="Indexing, finely" Preset="GoboIndexFine"/>
  <Channel Name="Horizontal movement"><Group Byte="0">Pan</Group></Channel>
  <Channel Name="Strobe"><Group Byte="1">Shutter</Group></Channel>
  <Channel Name="Pan fine control"><Group Byte="1">Pan</Group></Channel>
  <Channel Name="Pixel 1"><Group Byte="1">Intensity</Group><Colour>Red</Colour></Channel>
  <Mode Name="All">
    <Channel Number="0">Rotate
Coarse
</Channel><Channel Number="1">Rotate
Fine
</Channel>
    <Channel Number="2">Gobo rotation</Channel><Channel Number="3">Indexing, finely</Channel>
    <Channel Number="4">Horizontal movement</Channel><Channel Number="5">Strobe</Channel>
    <Channel Number="6">Pan fine control</Channel><Channel Number="7">Pixel 1</Channel>
  </Mode></FixtureDefinition>`;

describe('a fixture of QLC+ as people write them', () => {
  it('[FX17] has names over lines, fine channels known by what they do, and ones marked so that are none', async () => {
    const { profile, notes } = await importProfile('worn.qxf', worn);
    expect(slotsOf(profile, 'All')).toEqual([
      ...['rotate-coarse', 'rotate-coarse.1', 'gobo-rotation', 'gobo-rotation.1'],
      ...['horizontal-movement', 'strobe', 'horizontal-movement.1', 'pixel-1'],
    ]);
    expect(['strobe', 'pixel-1'].map((key) => channelOf(profile, key)?.kind)).toEqual(['shutter', 'red']);
    expect(notes).toEqual([]);
  });
});

describe('a file that is no fixture', () => {
  const bomb = `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><FixtureDefinition>&b;</FixtureDefinition>`;
  it.each([
    ['', 'Expected JSON'],
    ['{', 'damaged'],
    ['{"name":"x"}', 'modes'],
    ['{"name":"x","modes":[]}', 'modes'],
    ['{"redirectTo":"cameo/auro","reason":"FixtureRenamed"}', 'import that one'],
    ['{"name":"x","modes":[{"name":"m","channels":[]}]}', 'No mode'],
    [`${'{"a":'.repeat(40_000)}1${'}'.repeat(40_000)}`, ''],
    ['{"name":"x","matrix":{"pixelCount":[999,999,999]},"modes":[{"name":"m","channels":["a"]}]}', 'pixels'],
    ['<html></html>', 'FixtureDefinition'],
    ['<FixtureDefinition><Manufacturer>', 'does not end with'],
    [bomb, 'entities'],
    ['<a>'.repeat(5000), ''],
    ['x'.repeat(profileTextMax + 1), 'characters'],
  ])('[FX15] is refused with words: %.60s', async (text, words) => {
    await expect(importProfile('file', text)).rejects.toMatchObject({
      code: 'bad-profile',
      message: expect.stringContaining(words) as string,
    });
  });

  it('[FX15] is refused, or a valid profile, whatever is changed in one that can be read', async () => {
    const names = ['lantern-works/wash-600.json', 'pixel-bar.json', 'profile-900.qxf'];
    const edit = fc.record({
      name: fc.constantFrom(...names),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      cut: fc.integer({ min: 0, max: 40 }),
      put: fc.oneof(
        fc.string({ maxLength: 8 }),
        fc.constantFrom('null', '[]', '{}', '-1', '1e999', '"__proto__"', '<a>', '&amp;'),
      ),
    });
    await fc.assert(
      fc.asyncProperty(edit, async ({ name, at, cut, put }) => {
        const text = textOf(name);
        const start = Math.floor(at * text.length);
        try {
          const { profile } = await importProfile(name, text.slice(0, start) + put + text.slice(start + cut));
          expect(fixtureProfileSchema.parse(profile)).toEqual(profile);
        } catch (error) {
          expect(error).toBeInstanceOf(AppError);
          expect(error).toMatchObject({ code: 'bad-profile' });
        }
      }),
      { numRuns: 400 },
    );
  });
});
