import { describe, expect, it } from 'vitest';
import { universesOf } from '../../../src-main/contract/bridges/universes-of.ts';
import { artnetSettings, dmxUsbSettings, oscSettings, sacnSettings } from '../../bridges/bridge-settings.ts';

const only = (universe: number) => ({ first: universe, last: universe });

describe('universesOf', () => {
  it('[DU23] tells what a line sends at one output or two, or hears', () => {
    expect(universesOf(dmxUsbSettings())).toEqual({ sent: [only(1)], received: [] });
    expect(universesOf(dmxUsbSettings({ secondUniverse: 7 }))).toEqual({ sent: [only(1), only(7)], received: [] });
    expect(universesOf(dmxUsbSettings({ direction: 'in' }))).toEqual({ sent: [], received: [only(1)] });
  });

  it('[DU23] tells what sACN and Art-Net send and receive, and nothing of what has no universes', () => {
    const receive = [{ first: 9, last: 12 }];
    expect(universesOf(sacnSettings({ receive }))).toMatchObject({ sent: [{ first: 1, last: 4 }], received: receive });
    expect(universesOf(artnetSettings({ receive }))).toEqual({ sent: [{ first: 0, last: 3 }], received: receive });
    expect(universesOf(oscSettings())).toBeUndefined();
  });
});
