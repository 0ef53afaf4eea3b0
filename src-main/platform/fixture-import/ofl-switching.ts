import type { ChannelKind } from '../../contract/fixture.ts';
import type { OflCapability } from './ofl-schema.ts';
import type { DraftChannel } from './profile-draft.ts';

/** A name that modes use for one of several channels: which one goes by where another channel, its trigger, stands. */
export interface OflSwitch {
  readonly alias: string;
  /** names of those that it may be */
  readonly channels: readonly string[];
  /** the one that it is while the trigger has its default; undefined where the file says none */
  readonly first: string | undefined;
}

/** A byte of a channel that a name stands for. */
export interface SwitchedByte {
  readonly channel: DraftChannel;
  /** 0 for the coarse one */
  readonly byte: number;
}

/** @param start the default of the channel that has these capabilities, in the resolution of their ranges
 *  @see Open Fixture Library, docs/fixture-format.md, Switching channels */
export function switchesOf(capabilities: readonly OflCapability[], start: number): readonly OflSwitch[] {
  const aliases = new Set(capabilities.flatMap(({ switchChannels = {} }) => Object.keys(switchChannels)));
  const standing = capabilities.find(({ dmxRange: [from, to] = [0, Infinity] }) => from <= start && start <= to);
  return [...aliases].map((alias) => {
    const channels = capabilities.flatMap((capability) => channelOf(capability, alias) ?? []);
    return { alias, channels: [...new Set(channels)], first: standing && channelOf(standing, alias) };
  });
}

/** The channel for a switching one: raw, with a kind where all that it may be have the same, and with the default and the highlight
 *  of what it is at first.
 *  @param choices those that the file describes */
export function switchedChannel(
  name: string,
  choices: readonly SwitchedByte[],
  first: SwitchedByte | undefined,
): DraftChannel {
  const byteOf = (raw: number): number =>
    first ? Math.floor(raw / 256 ** (first.channel.bytes - 1 - first.byte)) % 256 : 0;
  const highlight = first?.channel.highlight ?? null;
  return {
    ...{ name, kind: commonKind(choices), bytes: 1 },
    default: byteOf(first?.channel.default ?? 0),
    highlight: highlight === null ? null : byteOf(highlight),
    ranges: [],
  };
}

function commonKind(choices: readonly SwitchedByte[]): ChannelKind {
  const kinds = new Set(choices.map(({ channel, byte }) => (byte === 0 ? channel.kind : 'other')));
  const [kind = 'other'] = kinds;
  return kinds.size === 1 ? kind : 'other';
}

function channelOf({ switchChannels = {} }: OflCapability, alias: string): string | undefined {
  return Object.hasOwn(switchChannels, alias) ? switchChannels[alias] : undefined;
}
