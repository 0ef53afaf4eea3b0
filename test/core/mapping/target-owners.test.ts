import { describe, expect, it } from 'vitest';
import { parseAddress, type Address } from '../../../src-main/contract/address.ts';
import { micros } from '../../../src-main/contract/units.ts';
import { TargetOwners } from '../../../src-main/core/mapping/target-owners.ts';

const [a, b, c] = ['/a', '/b', '/c'].map(parseAddress) as [Address, Address, Address];

describe('who was the last to send to a target', () => {
  it('[MP42] is remembered for so many targets; the one that has been still the longest is forgotten', () => {
    const owners = new TargetOwners(2);
    owners.set(a, { mappingId: 'm1', movedAt: micros(1), isKept: true });
    owners.set(b, { mappingId: 'm2', movedAt: micros(2), isKept: true });
    owners.set(a, { mappingId: 'm3', movedAt: micros(3), isKept: true });
    owners.set(c, { mappingId: 'm4', movedAt: micros(4), isKept: true });
    expect([a, b, c].map((target) => owners.of(target)?.mappingId)).toEqual(['m3', undefined, 'm4']);
    expect(owners.of(c)).toEqual({ mappingId: 'm4', movedAt: 4, isKept: true });
  });

  it('[MP42] may be somebody who is no mapping, also where no mapping has sent yet', () => {
    const owners = new TargetOwners();
    owners.set(a, { mappingId: 'm1', movedAt: micros(1), isKept: true });
    owners.noteOther(a, micros(5));
    owners.noteOther(b, micros(6));
    const other = { mappingId: undefined, isKept: false };
    expect([owners.of(a), owners.of(b)]).toEqual([
      { ...other, movedAt: 5 },
      { ...other, movedAt: 6 },
    ]);
    owners.set(b, { mappingId: 'm2', movedAt: micros(7), isKept: true });
    expect(owners.of(b)).toEqual({ mappingId: 'm2', movedAt: 7, isKept: true });
  });

  it('[MP42] is not forgotten for however many addresses others send to', () => {
    const owners = new TargetOwners(2);
    owners.set(a, { mappingId: 'm1', movedAt: micros(1), isKept: true });
    for (const address of [b, c, parseAddress('/d')]) owners.noteOther(address, micros(2));
    expect(owners.of(a)?.mappingId).toBe('m1');
    expect(owners.of(b)).toBeUndefined();
    expect(owners.of(c)?.movedAt).toBe(2);
  });

  it('[MP42] of others is known of the last half of so many at least, and of no more than that many', () => {
    const owners = new TargetOwners(10);
    const others = Array.from({ length: 100 }, (_, i) => parseAddress(`/other/${i % 37}`));
    for (const [i, address] of others.entries()) {
      owners.noteOther(address, micros(i));
      const newest = [...new Set(others.slice(0, i + 1).reverse())];
      for (const known of newest.slice(0, 5)) expect(owners.of(known)?.movedAt).toBe(others.lastIndexOf(known, i));
      expect(newest.filter((each) => owners.of(each)).length).toBeLessThanOrEqual(10);
    }
  });
});
