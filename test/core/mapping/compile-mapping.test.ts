import { describe, expect, it } from 'vitest';
import { mappingSchema } from '../../../src-main/contract/show.ts';
import { compileMapping, isCompiled, sameInput, sameRoute } from '../../../src-main/core/mapping/compile-mapping.ts';

const mapping = mappingSchema.parse({
  id: 'a',
  number: 1,
  source: { pattern: '/desk/*' },
  target: { address: '/sacn/1/{1}' },
  transforms: [{ type: 'clamp', min: 0, max: 1 }],
});

describe('compileMapping', () => {
  it('[MP7] understands source and target, or says which of the two to repair', () => {
    const compiled = compileMapping(mapping);
    expect(isCompiled(compiled) && compiled.target.reach).toBe('/sacn/1/*');
    expect(compileMapping({ ...mapping, source: { pattern: 'desk' } })).toEqual({
      mappingId: 'a',
      code: 'bad-pattern',
      reason: 'It starts with a slash: /desk/fader/1.',
    });
    expect(compileMapping({ ...mapping, source: { pattern: '/desk' } })).toMatchObject({
      code: 'mapping-bad-template',
    });
  });
});

describe('sameRoute and sameInput', () => {
  it('[MP8] see what changes the signals, not names and numbers', () => {
    const copy = structuredClone(mapping);
    expect(sameRoute(mapping, { ...copy, name: 'x', number: 9, groupId: 'g' })).toBe(true);
    expect(sameRoute(mapping, { ...copy, target: { ...copy.target, as: 'float' } })).toBe(false);
    expect(sameInput(mapping, { ...copy, target: { ...copy.target, as: 'float' } })).toBe(true);
    expect(sameInput(mapping, { ...copy, transforms: [] })).toBe(false);
    expect(sameInput(mapping, { ...copy, source: { pattern: '/desk/**' } })).toBe(false);
  });
});
