import type { Fixture, FixtureChannel, FixtureMode, FixtureProfile } from './fixture.ts';

/** A channel of a fixture of the rig, and the slots it has there. */
export interface PatchedChannel {
  readonly channel: FixtureChannel;
  /** 1..512, the coarse one first; fewer than the channel has bytes in a mode that leaves fine ones out */
  readonly slots: readonly number[];
}

export interface PatchedFixture {
  readonly fixture: Fixture;
  readonly profile: FixtureProfile;
  /** that many slots from `fixture.slot` on */
  readonly slotCount: number;
  /** in the order of their first slots */
  readonly channels: readonly PatchedChannel[];
}

/** Lays fixtures on their slots; one whose profile or mode is not there is left out. */
export function layPatch({
  profiles,
  patch,
}: {
  readonly profiles: readonly FixtureProfile[];
  readonly patch: readonly Fixture[];
}): PatchedFixture[] {
  const byId = new Map(profiles.map((profile) => [profile.id, profile]));
  return patch.flatMap((fixture) => {
    const profile = byId.get(fixture.profileId);
    const mode = profile?.modes.find(({ name }) => name === fixture.mode);
    if (!profile || !mode) return [];
    return { fixture, profile, slotCount: mode.slots.length, channels: channelsOf(profile, mode, fixture.slot) };
  });
}

/** `U 1 slots 17–20` */
export function describePlace({ universe, slot }: Pick<Fixture, 'universe' | 'slot'>, count: number): string {
  return count === 1 ? `U ${universe} slot ${slot}` : `U ${universe} slots ${slot}–${slot + count - 1}`;
}

function channelsOf(profile: FixtureProfile, mode: FixtureMode, first: number): PatchedChannel[] {
  const channels = new Map(profile.channels.map((channel) => [channel.key, channel]));
  const slotsOf = new Map<string, number[]>();
  mode.slots.forEach((each, index) => {
    if (!each) return;
    const slots = slotsOf.get(each.channel) ?? [];
    slots[each.byte] = first + index;
    slotsOf.set(each.channel, slots);
  });
  return [...slotsOf].flatMap(([key, slots]): PatchedChannel[] => {
    const channel = channels.get(key);
    return channel ? [{ channel, slots }] : [];
  });
}
