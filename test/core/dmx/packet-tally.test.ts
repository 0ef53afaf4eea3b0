import { expect, it } from 'vitest';
import { PacketTally } from '../../../src-main/core/dmx/packet-tally.ts';
import { SimulatedClock } from '../../simulated-clock.ts';

it('[BR5] packets that left are counted with the time of the last, and those that did not', () => {
  const clock = new SimulatedClock();
  const tally = new PacketTally(clock);
  tally.failed();
  expect([tally.sentTotal, tally.failedTotal, tally.sentAt]).toEqual([0, 1, null]);
  tally.left();
  const first = tally.sentAt ?? 0;
  clock.advance(250);
  tally.left();
  expect([tally.sentTotal, tally.failedTotal, (tally.sentAt ?? 0) - first]).toEqual([2, 1, 250]);
});
