import { describe, expect, it } from 'vitest';
import { compileRig } from '../../../../src-main/core/dmx/desk/desk-rig.ts';
import { sampleFixture, sampleProfile } from '../../../arbitrary-patch.ts';

describe('compileRig', () => {
  it('[DK7] keeps the fixtures of each universe of each bridge apart', () => {
    const patch = [
      sampleFixture({ slot: 1 }),
      sampleFixture({ id: 'b', name: 'b', number: 2, slot: 1, bridgeId: 'other', mode: 'short' }),
    ];
    const to = [{ universe: 1, slot: 9 }];
    const softPatch = [{ id: 's', bridgeId: 'other', universe: 1, slot: 2, count: 1, to }];
    const rig = compileRig({ profiles: [sampleProfile], patch, softPatch, blackout: 'intensity' });
    expect([...rig.intensities.keys()]).toEqual(['sacn1 1', 'other 1']);
    expect([rig.intensities.get('sacn1 1')?.single[2], rig.intensities.get('other 1')?.single[2]]).toEqual([0, 1]);
    expect([...rig.moves.keys()]).toEqual(['other']);
    expect([rig.blackout, rig.fixtures.length]).toEqual(['intensity', 2]);
  });
});
