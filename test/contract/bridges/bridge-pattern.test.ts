import { describe, expect, it } from 'vitest';
import { bridgePattern, tryBridgePattern } from '../../../src-main/contract/bridges/bridge-pattern.ts';

describe('what a bridge hears', () => {
  it('[SU10] is everything under its prefix', () => {
    expect(bridgePattern('/desk')).toBe('/desk/**');
    expect(tryBridgePattern('/desk/left')).toBe('/desk/left/**');
  });

  it.each([
    ['/desk/', 'Remove the slash at the end.'],
    ['/a/*', 'remove the *'],
    ['desk', ''],
    ['', ''],
  ])('[SU36] is nothing for a prefix under which nothing can be: %j', (prefix, repair) => {
    expect(() => bridgePattern(prefix)).toThrow(repair);
    expect(tryBridgePattern(prefix)).toBeUndefined();
  });
});
