import { describe, expect, it } from 'vitest';
import { emptyShow, type Mapping, type ShowDocument } from '../../src-main/contract/show.ts';
import { refuseNewLoops } from '../../src-main/engine/refuse-new-loops.ts';
import { sampleMapping } from '../show-samples.ts';

function show(...mappings: Mapping[]): ShowDocument {
  return { ...emptyShow('gala', 'Gala'), mappings };
}

function mapping(number: number, from: string, to: string): Mapping {
  const sample = sampleMapping(number);
  return { ...sample, source: { pattern: from }, target: { ...sample.target, address: to } };
}

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

  it('[EA27] are not looked for when no mapping leads elsewhere', () => {
    const many = Array.from({ length: 5 }, (_, i) => mapping(i + 1, `/a/${i}`, `/b/${i}`));
    // The search numbers all mappings, for its reasons.
    const edited = (to: string) =>
      many.map((each, i) => ({
        ...each,
        name: 'new name',
        target: i === 3 ? { ...each.target, address: to } : each.target,
        get number(): number {
          throw new Error('looked');
        },
      }));
    expect(() => refuseNewLoops(show(...many), show(...edited('/b/3')))).not.toThrow();
    expect(() => refuseNewLoops(show(...many), show(...edited('/c')))).toThrow('looked');
  });
});
