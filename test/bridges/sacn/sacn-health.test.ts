import { describe, expect, it } from 'vitest';
import { urlOf } from '../../../src-main/bridges/sacn/sacn-health.ts';
import { listeningCards } from '../../../src-main/bridges/sacn/sacn-cards.ts';
import type { NetworkCard } from '../../../src-main/contract/device.ts';
import { sacnSettings } from '../bridge-settings.ts';

describe('where an sACN bridge sends and listens', () => {
  it.each([
    [{}, 'U 1-4 on lo'],
    [{ networkCard: '' }, 'U 1-4'],
    [{ mode: 'unicast' as const, unicastTo: ['10.0.0.5'] }, 'U 1-4 to 10.0.0.5'],
    [{ mode: 'unicast' as const }, 'U 1-4 to nobody'],
    [{ receive: [{ first: 7, last: 7 }], mode: 'unicast' as const }, 'U 1-4 to nobody, hears U 7 on lo'],
    [{ universes: [], receive: [{ first: 7, last: 9 }] }, 'hears U 7-9 on lo'],
  ])('[SA41] is written for operators: %o', (some, url) => {
    expect(urlOf(sacnSettings(some).settings)).toBe(url);
  });

  it('[SA44] is on the chosen card by name or address, or on all that others are on too', () => {
    const card = (name: string, address: string, more: Partial<NetworkCard> = {}): NetworkCard => ({
      ...{ name, address, family: 'IPv4', loopback: false },
      ...more,
    });
    const lo = card('lo', '127.0.0.1', { loopback: true });
    const cards = [card('eth0', '10.0.0.5'), card('eth0', 'fe80::1', { family: 'IPv6' }), card('eth1', '10.1.0.5'), lo];
    expect(['eth1', '10.0.0.5', 'eth9', ''].map((wanted) => listeningCards(cards, wanted))).toEqual([
      ['10.1.0.5'],
      ['10.0.0.5'],
      [],
      ['10.0.0.5', '10.1.0.5'],
    ]);
    expect(listeningCards([lo], '')).toEqual(['127.0.0.1']);
  });
});
