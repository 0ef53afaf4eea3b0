import { z } from './zod.ts';

/** What a channel of a fixture does, as far as the desk has to know it; `intensity` follows the grand master. */
export const channelKinds = [
  ...(['intensity', 'red', 'green', 'blue', 'cyan', 'magenta', 'yellow', 'amber', 'lime', 'indigo', 'uv'] as const),
  ...([
    'white',
    'warm-white',
    'cold-white',
    'color',
    'color-temperature',
    'pan',
    'tilt',
    'zoom',
    'focus',
    'iris',
  ] as const),
  ...(['gobo', 'prism', 'frost', 'shutter', 'effect', 'speed', 'fog', 'maintenance', 'none', 'other'] as const),
] as const;
export type ChannelKind = (typeof channelKinds)[number];

export const fixtureLimits = {
  profiles: 1000,
  fixtures: 8192,
  softPatch: 4096,
  channels: 1024,
  modes: 128,
  ranges: 512,
  outputs: 32,
} as const;

/** Characters of a file with a profile. */
export const profileTextMax = 2 * 1024 * 1024;

const slotsPerUniverse = 512;
const id = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'expected 1-64 letters, digits, - or _');
const words = z.string().min(1).max(120);
const key = z
  .string()
  .regex(/^[\p{Ll}\p{Lo}\p{N}][\p{Ll}\p{Lo}\p{N}._-]{0,63}$/u, 'expected lower-case letters, digits, . - _');
const universe = z.int().min(0).max(63_999);
const slot = z.int().min(1).max(slotsPerUniverse);
const rawMax = 2 ** 24 - 1;

export const fixtureChannelSchema = z
  .strictObject({
    /** its part of an address: `/fixtures/par-5/dimmer` */
    key,
    name: words,
    kind: z.enum(channelKinds),
    /** 1, 2 or 3 slots of 8 bits, the coarse one first */
    bytes: z.int().min(1).max(3).default(1),
    /** raw, at its full resolution: what it has while nobody asked for anything */
    default: z.int().min(0).max(rawMax).default(0),
    /** raw, where it goes to be seen at work; null: its default */
    highlight: z.int().min(0).max(rawMax).nullable().default(null),
    /** what it does from which raw value to which, at its full resolution */
    ranges: z
      .array(z.strictObject({ from: z.int().min(0).max(rawMax), to: z.int().min(0).max(rawMax), name: words }))
      .max(fixtureLimits.ranges)
      .default([]),
  })
  .superRefine((channel, context) => {
    const max = rawMaxOf(channel.bytes);
    const refuse = (path: string): void =>
      context.addIssue({ code: 'custom', path: [path], message: `expected at most ${max}` });
    if (channel.default > max) refuse('default');
    if ((channel.highlight ?? 0) > max) refuse('highlight');
    if (channel.ranges.some(({ from, to }) => from > to || to > max))
      context.addIssue({
        code: 'custom',
        path: ['ranges'],
        message: `expected from at most to, and to at most ${max}`,
      });
  });
export type FixtureChannel = z.infer<typeof fixtureChannelSchema>;

/** A slot of a mode: a byte of a channel, 0 the coarse one; null is a slot that does nothing. */
const modeSlot = z.strictObject({ channel: key, byte: z.int().min(0).max(2).default(0) }).nullable();
export const fixtureModeSchema = z.strictObject({
  name: words,
  slots: z.array(modeSlot).min(1).max(slotsPerUniverse),
});
export type FixtureMode = z.infer<typeof fixtureModeSchema>;

/** What a maker built: its channels, and the modes in which they lie on slots. */
export const fixtureProfileSchema = z
  .strictObject({
    id,
    maker: words,
    model: words,
    channels: z.array(fixtureChannelSchema).min(1).max(fixtureLimits.channels),
    modes: z.array(fixtureModeSchema).min(1).max(fixtureLimits.modes),
  })
  .superRefine((profile, context) => {
    for (const [path, message] of faultsOf(profile)) context.addIssue({ code: 'custom', path: [...path], message });
  });
export type FixtureProfile = z.infer<typeof fixtureProfileSchema>;

/** A fixture of the rig: a profile at a place of a universe. */
export const fixtureSchema = z.strictObject({
  id,
  number: z.int().min(1).max(99_999),
  /** unique in what `fixtureSegment` makes of it */
  name: words,
  profileId: id,
  /** a mode of the profile, by its name */
  mode: words,
  bridgeId: id,
  universe,
  /** where its first slot lies */
  slot,
  groupId: id.nullable().default(null),
});
export type Fixture = z.infer<typeof fixtureSchema>;

/** Slots that leave somewhere else. What leaves nowhere has no `to`; a slot that nothing is sent to stays dark. */
export const softPatchSchema = z.strictObject({
  id,
  bridgeId: id,
  universe,
  slot,
  /** that many slots, in a row */
  count: z.int().min(1).max(slotsPerUniverse).default(1),
  to: z.array(z.strictObject({ universe, slot })).max(fixtureLimits.outputs),
});
export type SoftPatch = z.infer<typeof softPatchSchema>;

/** The highest raw value of so many slots: 255, 65535, 16777215. */
export function rawMaxOf(bytes: number): number {
  return 256 ** bytes - 1;
}

/** A fixture's part of an address: lower case, and a dash for what no address of OSC may hold.
 *  @returns empty for a name without letters and digits */
export function fixtureSegment(name: string): string {
  const plain = name.normalize('NFC').toLowerCase();
  return plain.replace(/[^\p{L}\p{N}._]+/gu, '-').replace(/^-+|-+$/g, '');
}

type Fault = readonly [path: readonly (string | number)[], message: string];

/** What the schema of one part cannot see. */
function* faultsOf({
  channels,
  modes,
}: {
  channels: readonly FixtureChannel[];
  modes: readonly FixtureMode[];
}): Generator<Fault> {
  const bytesOf = new Map<string, number>();
  for (const [i, { key, bytes }] of channels.entries()) {
    if (bytesOf.has(key)) yield [['channels', i, 'key'], `expected a key of its own, "${key}" is taken`];
    bytesOf.set(key, bytes);
  }
  const names = new Set<string>();
  for (const [i, { name, slots }] of modes.entries()) {
    if (names.has(name)) yield [['modes', i, 'name'], `expected a name of its own, "${name}" is taken`];
    names.add(name);
    const fault = slotsFault(slots, bytesOf);
    if (fault !== undefined) yield [['modes', i, 'slots'], fault];
  }
}

function slotsFault(slots: FixtureMode['slots'], bytesOf: ReadonlyMap<string, number>): string | undefined {
  const taken = new Set<string>();
  for (const each of slots) {
    if (!each) continue;
    const { channel, byte } = each;
    const bytes = bytesOf.get(channel);
    if (bytes === undefined) return `expected a channel of the profile, found "${channel}"`;
    if (byte >= bytes) return `expected byte 0 to ${bytes - 1} of "${channel}"`;
    if (taken.has(`${channel} ${byte}`)) return `expected each byte of "${channel}" once`;
    taken.add(`${channel} ${byte}`);
  }
  for (const { channel, byte } of slots.filter((each) => each !== null))
    if (byte > 0 && !taken.has(`${channel} ${byte - 1}`)) return `expected byte ${byte - 1} of "${channel}" too`;
  return undefined;
}
