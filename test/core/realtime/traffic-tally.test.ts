import { describe, expect, it } from 'vitest';
import { refusalShown } from '../../../src-main/contract/device.ts';
import { TrafficTally } from '../../../src-main/core/realtime/traffic-tally.ts';
import { SimulatedClock } from '../../simulated-clock.ts';

describe('TrafficTally', () => {
  it('[MQ49] counts what came in, went out and was left out, and knows when the other side was seen last', () => {
    const clock = new SimulatedClock();
    const tally = new TrafficTally(clock);
    expect(tally.totals).toEqual({ seenAt: null, inTotal: 0, outTotal: 0, refusedTotal: 0 });
    clock.advance(500);
    tally.saw();
    tally.took(3);
    const seenAt = tally.totals.seenAt;
    clock.advance(500);
    tally.shed();
    tally.shed(4);
    expect(tally.totals).toEqual({ seenAt, inTotal: 3, outTotal: 0, refusedTotal: 5 });
    expect(tally.refusal).toBe('');
    tally.sent();
    expect(tally.totals).toEqual({ seenAt: Number(seenAt) + 500, inTotal: 3, outTotal: 1, refusedTotal: 5 });
  });

  it('[MQ49] tells the last refusal with its name, and stops asking for a look after 10 s', () => {
    const clock = new SimulatedClock();
    const tally = new TrafficTally(clock);
    tally.refuse('/a', 'the bridge only takes');
    tally.refuse('/b', 'it is not connected');
    expect(tally.totals).toMatchObject({ refusedTotal: 2, refused: { address: '/b', why: 'it is not connected' } });
    clock.advance(refusalShown);
    expect(tally.refused).toEqual({ address: '/b', why: 'it is not connected' });
    clock.advance(1);
    expect(tally.totals).not.toHaveProperty('refused');
    expect(tally.refusal).toBe(' Refused: /b: it is not connected.');
  });

  it('[MQ49] cuts a long name at 60 letters in the sentence, and no letter in two', () => {
    const tally = new TrafficTally(new SimulatedClock());
    const long = `/${'a'.repeat(57)}🎚🎚🎚`;
    tally.refuse(long, 'it is too long');
    expect([tally.refused?.address, tally.refusal]).toEqual([long, ` Refused: /${'a'.repeat(57)}…: it is too long.`]);
    tally.refuse(`/${'b'.repeat(80)}`, 'it is too long');
    expect(tally.refusal).toContain(`/${'b'.repeat(58)}…`);
  });
});
