import { describe, expect, it } from 'vitest';
import { millis } from '../../../src-main/contract/units.ts';
import { SacnPreviews } from '../../../src-main/core/dmx/sacn-previews.ts';
import { SimulatedClock } from '../../simulated-clock.ts';

const name = (text: string): Uint8Array => Buffer.alloc(64, 0).fill(text, 0, text.length);

describe('sources that send preview', () => {
  it('[SA55] are named while they do', () => {
    const clock = new SimulatedClock();
    const previews = new SacnPreviews(clock, millis(2500));
    expect(previews.words).toBeUndefined();
    previews.hear(6, name('Desk A'));
    expect(previews.words).toBe('Desk A sends universe 6 as preview, which is not taken.');
    previews.hear(5, name('Desk A'));
    expect(previews.words).toBe('Desk A sends universes 5, 6 as preview, which is not taken.');
    for (const universe of [1, 2, 3]) previews.hear(universe, name(`Desk ${universe}`));
    expect(previews.words).toBe(
      'Desk 1 and 3 more send universes 1, 2, 3, 5 and 1 more as preview, which is not taken.',
    );
    clock.advance(2500);
    expect(previews.words).toBeUndefined();
  });
});
