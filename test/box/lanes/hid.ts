import type { LanePlan } from '../lane.ts';

/** A shuttle that is not plugged in: this machine can have no virtual one. Its bridge says so, and takes nothing from the others. */
export function planHid(): Promise<LanePlan> {
  return Promise.resolve({
    id: 'shuttle',
    bridge: { kind: 'hid', settings: { device: 'hid=0b33:0020', prefix: '/shuttle' } },
    begin: () => Promise.resolve({ tallies: [], perSecond: 1, turn: () => undefined }),
  });
}
