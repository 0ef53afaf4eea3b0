import { describe, expect, it } from 'vitest';
import { stepFields } from '../../../src-renderer/patch/step-fields.ts';
import { addressWords } from '../../../src-renderer/patch/transform-words.ts';
import { freshTransform } from '../../../src-renderer/patch/patch-edits.ts';

describe('the numbers of a step', () => {
  it('[UI47] asks for another number where a scale would have no range to come from', () => {
    const [lowest, highest, from] = stepFields(freshTransform('scale'));
    expect(lowest?.repair?.(1)).toBe('Lowest and highest in are the same. Type another number.');
    expect(highest?.repair?.(0)).toBe('Lowest and highest in are the same. Type another number.');
    expect(lowest?.repair?.(0.5)).toBeUndefined();
    expect(from?.repair?.(255)).toBeUndefined();
  });
});

describe('an address in words', () => {
  it('[UI48] is a slot of a universe for sACN, and its parts else', () => {
    expect(addressWords('/sacn/1/17')).toBe('slot 17 of universe 1');
    expect(addressWords('/sacn/1/{1}')).toBe('/sacn/1/{1}');
    expect(addressWords('/sacn/status/9')).toBe('sacn status 9');
    expect(addressWords('/desk/fader/3')).toBe('desk fader 3');
  });
});
