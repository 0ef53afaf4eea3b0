import { slotFlags, type UniverseView } from '../../src-main/contract/dmx.ts';
import { rawMaxOf } from '../../src-main/contract/fixture.ts';
import type { PatchedFixture } from '../../src-main/contract/patched-fixture.ts';

/** A channel of a fixture as it leaves. */
export interface ChannelLevel {
  readonly key: string;
  readonly name: string;
  /** of all its slots together: 0..255, 0..65535, 0..16777215 */
  readonly raw: number;
  /** 0..1 */
  readonly share: number;
}

/** As its slots leave; those that the soft patch moved as they were asked for. */
export function channelLevels(
  { channels }: PatchedFixture,
  { levels, asked, flags }: Pick<UniverseView, 'levels' | 'asked' | 'flags'>,
): ChannelLevel[] {
  const levelOf = (slot: number): number => {
    const isMoved = ((flags[slot - 1] ?? 0) & slotFlags.moved) !== 0;
    return (isMoved ? asked : levels)[slot - 1] ?? 0;
  };
  return channels.map(({ channel: { key, name }, slots }) => {
    const raw = slots.reduce((sum, slot) => sum * 256 + levelOf(slot), 0);
    return { key, name, raw, share: raw / rawMaxOf(slots.length) };
  });
}
