import { describe, expect, it } from 'vitest';
import { nearestName } from '../../src-main/contract/nearest-name.ts';

const names = ['port', 'delimiter', 'listenPort', 'networkCard', 'qos'];

describe('nearestName', () => {
  it.each([
    ['delimeter', 'delimiter'],
    ['listen_port', 'listenPort'],
    ['NetworkCard', 'networkCard'],
    ['network-crad', 'networkCard'],
    ['prot', 'port'],
    ['tropy', undefined],
    ['Port', 'port'],
    ['qs', undefined],
    ['tempo', undefined],
    ['', undefined],
  ])('[SX18] is what is a slip away from %s', (written, meant) => {
    expect(nearestName(written, names)).toBe(meant);
  });

  it('[SX18] takes no time over names without end', () => {
    expect(nearestName('x'.repeat(1_000_000), names)).toBeUndefined();
  });
});
