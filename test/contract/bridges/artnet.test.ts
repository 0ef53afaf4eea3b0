import { describe, expect, it } from 'vitest';
import { artnetBridgeSchema } from '../../../src-main/contract/bridges/artnet.ts';

function parse(settings: object) {
  const result = artnetBridgeSchema.safeParse({ kind: 'artnet', id: 'a', number: 1, name: 'A', settings });
  return result.success ? result.data.settings : result.error.issues.map(({ message }) => message);
}

describe('settings of an Art-Net bridge', () => {
  it('[AN30] need a port address and nothing more', () => {
    expect(parse({ universes: [{ first: 0, last: 3 }] })).toEqual({
      ...{ universes: [{ first: 0, last: 3 }], receive: [], send: 'subscribers', hosts: [], networkCard: '' },
      ...{ prefix: '/artnet', floats: 'unit', publish: 'slots', merge: 'htp', sync: false, sequence: true },
      ...{ keepAliveMs: 850, nodeName: 'Flyrail', port: 6454 },
    });
  });

  it('[AN30] are refused with what repairs them', () => {
    const all = [{ first: 0, last: 3 }];
    expect(parse({})).toEqual(['Name a port address that it sends or receives.']);
    expect(parse({ universes: all, receive: [{ first: 3, last: 9 }] })).toEqual([
      'Port address 3 is sent and received. Keep it in one of the two.',
    ]);
    expect(parse({ universes: [{ first: 0, last: 32_768 }] })).toContain('A port address is a whole number 0–32767.');
    expect(parse({ universes: [{ first: 4, last: 3 }] })).toEqual([
      'expected the same port address as first, or a later one',
    ]);
    expect(parse({ receive: [{ first: 0, last: 1024 }] })).toEqual([
      'A bridge has 1024 port addresses at most. Make a second one for the rest.',
    ]);
    for (const keepAliveMs of [799, 4001]) expect(parse({ universes: all, keepAliveMs })).toHaveLength(1);
    expect(parse({ universes: all, nodeName: 'A name of 18 bytes' })).toHaveLength(1);
  });
});
