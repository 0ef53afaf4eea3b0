import { describe, expect, it } from 'vitest';
import { emptyShow, type Mapping, type ShowDocument } from '../../src-main/contract/show.ts';
import { createMappingCheck } from '../../src-main/core/mapping/check-mappings.ts';
import { createLoopRefusal } from '../../src-main/engine/refuse-new-loops.ts';
import { sampleMapping } from '../show-samples.ts';

function show(...mappings: Mapping[]): ShowDocument {
  return { ...emptyShow('gala', 'Gala'), mappings };
}

function mapping(number: number, from: string, to: string): Mapping {
  const sample = sampleMapping(number);
  return { ...sample, source: { pattern: from }, target: { ...sample.target, address: to } };
}

const refuseNewLoops = createLoopRefusal(createMappingCheck());
const there = mapping(1, '/a', '/b');
const back = mapping(2, '/b', '/a');

describe('edits that would close a circle', () => {
  it('[EA27] are refused, by adding, by changing and by switching on', () => {
    const refusal = { code: 'mapping-loop', message: expect.stringMatching(/Nothing was changed\.$/) as string };
    for (const before of [show(there), show(there, mapping(2, '/x', '/a')), show(there, { ...back, enabled: false })]) {
      expect(() => refuseNewLoops(before, show(there, back))).toThrow(expect.objectContaining(refusal) as Error);
    }
  });

  it('[EA27] do not stand in the way when the circle was there before', () => {
    expect(() => refuseNewLoops(show(there, back), show(there, back, mapping(3, '/c', '/d')))).not.toThrow();
    expect(() => refuseNewLoops(show(there, back), show(there))).not.toThrow();
    const other = mapping(3, '/c', '/c');
    expect(() => refuseNewLoops(show(there, back), show(there, back, other))).toThrow('Set 3 feeds itself');
  });

  it('[EA27] leave no trace when they were refused', () => {
    const refuse = createLoopRefusal(createMappingCheck());
    refuse(show(), show(there));
    expect(() => refuse(show(there), show(there, back))).toThrow('feed each other');
    expect(() => refuse(show(there), show(there, mapping(2, '/b', '/c')))).not.toThrow();
    expect(() => refuse(show(there), show(there, back))).toThrow('feed each other');
  });

  it('[EA27] are found also by many edits that each look harmless', () => {
    const refuse = createLoopRefusal(createMappingCheck());
    let before = show();
    for (let i = 1; i < 40; i++) {
      const after = show(...before.mappings, mapping(i, `/${i}`, `/${i + 1}`));
      refuse(before, after);
      before = after;
    }
    expect(() => refuse(before, show(...before.mappings, mapping(40, '/40', '/1')))).toThrow('in a circle');
  });
});
