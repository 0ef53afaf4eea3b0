import type { UniverseView } from '../../../src-main/contract/dmx.ts';
import { fixtureProfileSchema, type Fixture } from '../../../src-main/contract/fixture.ts';

/** A universe of `node-a` in which nobody sends anything, but for what is said. */
export function universe(more: Partial<UniverseView> = {}): UniverseView {
  return {
    bridgeId: 'node-a',
    universe: 1,
    direction: 'out',
    isRunning: true,
    levels: new Uint8Array(512),
    asked: new Uint8Array(512),
    winners: new Uint8Array(512).fill(255),
    flags: new Uint8Array(512),
    sources: [],
    master: 1,
    blackout: false,
    ...more,
  };
}

/** 512 bytes with these at their slots. */
export function bytes(at: Readonly<Record<number, number>>, otherwise = 0): Uint8Array {
  const all = new Uint8Array(512).fill(otherwise);
  for (const [slot, byte] of Object.entries(at)) all[Number(slot) - 1] = byte;
  return all;
}

export const flyrail = { id: 'flyrail', name: 'Flyrail', priority: 100, slots: 2, wins: 2 };
export const house = { id: 'h', name: 'house-lx', priority: 90, slots: 1, wins: 1 };

/** A lamp with a dimmer of 8 bits in one mode, and of 16 beside a colour in the other. */
export const par = fixtureProfileSchema.parse({
  id: 'par',
  maker: 'Generic',
  model: 'PAR',
  channels: [
    { key: 'dimmer', name: 'Dimmer', kind: 'intensity', bytes: 2 },
    { key: 'red', name: 'Red', kind: 'red' },
  ],
  modes: [
    { name: '1 slot', slots: [{ channel: 'dimmer' }] },
    { name: 'fine', slots: [{ channel: 'dimmer' }, { channel: 'dimmer', byte: 1 }, { channel: 'red' }] },
  ],
});

export function fixtureAt(slot: number, more: Partial<Fixture> = {}): Fixture {
  return {
    id: `f${slot}`,
    number: slot,
    name: `PAR ${slot}`,
    profileId: 'par',
    mode: 'fine',
    bridgeId: 'node-a',
    universe: 1,
    slot,
    groupId: null,
    ...more,
  };
}
