import type { LanePlan } from '../lane.ts';

/** A keyboard on a machine that may have no MIDI at all: its bridge says so, and takes nothing from the others. */
export function planMidi(): Promise<LanePlan> {
  return Promise.resolve({
    id: 'keys',
    bridge: {
      kind: 'midi',
      settings: { input: 'Keys MIDI 1', output: 'Keys MIDI 1', device: 'keys', prefix: '/midi' },
    },
    begin: ({ client }) =>
      Promise.resolve({
        tallies: [],
        perSecond: 50,
        turn: (n) => client.set('/midi/keys/ch/1/cc/7', n % 128),
      }),
  });
}
