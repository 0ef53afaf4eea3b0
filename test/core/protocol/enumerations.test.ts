import { describe, expect, it } from 'vitest';
import { signalKinds } from '../../../src-main/contract/signal.ts';
import * as wire from '../../../src-main/core/protocol/enumerations.ts';

describe('enumerations', () => {
  it('[PR13] have the codes of the wire', () => {
    expect(signalKinds.map(wire.codeOfKind)).toEqual([0, 1, 2, 3, 4]);
    expect([0, 1, 2, 3, 4].map(wire.kindOfCode)).toEqual(signalKinds);
    expect((['start', 'move', 'end', 'cancel'] as const).map(wire.codeOfPhase)).toEqual([0, 1, 2, 3]);
    expect([0, 1, 2, 3].map(wire.phaseOfCode)).toEqual(['start', 'move', 'end', 'cancel']);
    expect((['fire', 'confirm', 'commit'] as const).map(wire.codeOfQos)).toEqual([0, 1, 2]);
  });

  it('[PR13] read the unknown as event, start and fire', () => {
    expect([wire.kindOfCode(5), wire.kindOfCode(255)]).toEqual(['event', 'event']);
    expect([wire.phaseOfCode(7), wire.phaseOfName('wave'), wire.phaseOfName('move')]).toEqual([
      'start',
      'start',
      'move',
    ]);
    expect(wire.qosOfCode(3)).toBe('fire');
  });

  it('[PR13] take a mask of none or all as every kind', () => {
    expect(wire.maskOf(['param', 'event'])).toBe(0x03);
    expect(wire.maskOf(['timeline'])).toBe(0x10);
    expect(wire.maskOf([])).toBe(wire.allKindsMask);
    for (const kind of signalKinds) {
      expect(wire.maskHas(0, kind) && wire.maskHas(0xff, kind) && wire.maskHas(wire.maskOf([kind]), kind)).toBe(true);
      expect(signalKinds.filter((other) => wire.maskHas(wire.maskOf([kind]), other))).toEqual([kind]);
    }
  });

  it('[PR13] name features by bit and leave out the unknown', () => {
    expect(wire.featureBitsOf(['param', 'event', 'stream'])).toBe(0xe0);
    expect(wire.featureBitsOf(['federation', 'timeline', 'gesture'])).toBe(0x1c);
    expect(wire.featuresOf(0xff)).toEqual([...signalKinds, 'federation']);
    expect(wire.kindFeaturesOf(0xff)).toEqual(signalKinds);
    expect(wire.kindFeaturesOf(0x48)).toEqual(['event', 'timeline']);
  });
});
