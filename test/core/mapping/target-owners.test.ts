import { describe, expect, it } from 'vitest';
import { parseAddress, type Address } from '../../../src-main/contract/address.ts';
import { micros } from '../../../src-main/contract/units.ts';
import { TargetOwners } from '../../../src-main/core/mapping/target-owners.ts';

const [a, b, c] = ['/a', '/b', '/c'].map(parseAddress) as [Address, Address, Address];

describe('who was the last to send to a target', () => {
  it('[MP42] is remembered for so many targets', () => {
    const owners = new TargetOwners(2);
    owners.set(a, 'm1', micros(1));
    owners.set(b, 'm2', micros(2));
    owners.set(a, 'm3', micros(3));
    owners.set(c, 'm4', micros(4));
    expect([a, b, c].map((target) => owners.of(target)?.mappingId)).toEqual([undefined, 'm2', 'm4']);
    expect(owners.of(c)).toEqual({ mappingId: 'm4', movedAt: 4 });
  });

  it('[MP42] may be somebody who is no mapping, where a mapping has sent before', () => {
    const owners = new TargetOwners();
    owners.set(a, 'm1', micros(1));
    owners.noteOther(a, micros(5));
    owners.noteOther(b, micros(5));
    expect([owners.of(a), owners.of(b)]).toEqual([{ mappingId: undefined, movedAt: 5 }, undefined]);
  });
});
