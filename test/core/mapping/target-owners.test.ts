import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../../src-main/contract/address.ts';
import { TargetOwners } from '../../../src-main/core/mapping/target-owners.ts';

describe('who was the last to send to a target', () => {
  it('[MP42] is remembered for so many targets, those that change hands the longest', () => {
    const owners = new TargetOwners(2);
    const [a, b, c] = ['/a', '/b', '/c'].map(parseAddress) as [never, never, never];
    owners.set(a, 'm1');
    owners.set(b, 'm2');
    owners.set(a, 'm3');
    owners.set(c, 'm4');
    expect([a, b, c].map((target) => owners.of(target))).toEqual(['m3', undefined, 'm4']);
  });
});
