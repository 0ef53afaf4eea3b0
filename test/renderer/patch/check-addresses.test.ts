import { describe, expect, it } from 'vitest';
import { sourceFault, targetFault } from '../../../src-renderer/patch/check-addresses.ts';

describe('addresses of a mapping', () => {
  it('[UI28] takes a pattern as source and says how to repair what is none', () => {
    expect(sourceFault('/desk/fader/*')).toBeUndefined();
    expect(sourceFault('/desk//x')).toBe('Two slashes meet. Remove one.');
  });

  it.each([
    ['/sacn/1/1', '/desk/1', undefined],
    ['/sacn/1/{1}', '/desk/*', undefined],
    ['/sacn/{1}/{2}', '/desk/*/**', undefined],
    ['/sacn/1/{2}', '/desk/*', 'The source has 1 *, so nothing stands for {2}.'],
    ['/sacn/1/{1}', '/desk/1', 'The source has no *, so nothing stands for {1}.'],
    ['/sacn/1/{0}', '/desk/*', '{0} is no place. Write {1} for what the first * caught.'],
    ['/sacn/1/{x}', '/desk/*', '{x} is no place. Write {1} for what the first * caught.'],
    ['/sacn/1/{1', '/desk/*', 'A brace is open. Write {1}, or remove it.'],
    ['/sacn/*', '/desk/*', 'A target names one thing. Use {1} for what the first * caught.'],
    ['sacn', '/desk/*', 'It starts with a slash: /desk/fader/1.'],
  ])('[UI28] answers %s for %s with %j', (target, source, fault) => {
    expect(targetFault(target, source)).toBe(fault);
  });
});
