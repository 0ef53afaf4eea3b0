import { describe, expect, it } from 'vitest';
import { fitInstanceName, hostLabel, nextName } from '../../../src-main/core/discovery/service-names.ts';

describe('names of services', () => {
  it('[DC18] count up and fit into one label, cut between characters', () => {
    expect(nextName('Desk')).toBe('Desk (2)');
    expect(nextName('Desk (9)')).toBe('Desk (10)');
    const long = nextName('ü'.repeat(40));
    expect(Buffer.byteLength(long)).toBeLessThanOrEqual(63);
    expect(long).toMatch(/^ü+ \(2\)$/);
    expect(Buffer.byteLength(fitInstanceName('🎛'.repeat(40)))).toBe(60);
  });

  it('[DC18] have no dots or controls, and are never empty', () => {
    expect(fitInstanceName('foh.desk\n2')).toBe('foh-desk 2');
    expect(fitInstanceName(' \0')).toBe('Flyrail');
  });

  it('[DC23] of hosts are this program’s own, never the machine’s', () => {
    expect(hostLabel('Jürgens MacBook.local', 0.5)).toBe('flyrail-j-rgens-macbook-local-80000000');
    expect(hostLabel('…', 0)).toBe('flyrail-00000000');
    expect(hostLabel('x'.repeat(200), 0.999_999_999_9).length).toBeLessThanOrEqual(63);
  });
});
