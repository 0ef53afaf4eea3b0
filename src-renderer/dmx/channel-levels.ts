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

/** @param levels 512 of them, slot 1 first */
export function channelLevels({ channels }: PatchedFixture, levels: Readonly<Uint8Array>): ChannelLevel[] {
  return channels.map(({ channel: { key, name }, slots }) => {
    const raw = slots.reduce((sum, slot) => sum * 256 + (levels[slot - 1] ?? 0), 0);
    return { key, name, raw, share: raw / rawMaxOf(slots.length) };
  });
}
