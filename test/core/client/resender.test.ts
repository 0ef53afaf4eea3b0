import { describe, expect, it } from 'vitest';
import type { Millis } from '../../../src-main/contract/units.ts';
import type { Request } from '../../../src-main/core/client/outgoing.ts';
import { Resender } from '../../../src-main/core/client/resender.ts';
import { SimulatedClock } from '../../simulated-clock.ts';

describe('repeating', () => {
  it('[CC21] gives each request its own waits up to the cap, with one timer, and none when there is nothing', () => {
    const clock = new SimulatedClock();
    const start = clock.nowMicros();
    const sent: [string, number][] = [];
    const [one, two] = [{ name: 'one' }, { name: 'two' }] as unknown as [Request, Request];
    const resend = (request: Request): void =>
      void sent.push([(request as unknown as { name: string }).name, (clock.nowMicros() - start) / 1000]);
    const resender = new Resender({ clock, first: 100 as Millis, cap: 300 as Millis, resend });
    resender.watch(one);
    clock.advance(50);
    resender.watch(two);
    clock.advance(450);
    expect(sent).toEqual([
      ['one', 100],
      ['two', 150],
      ['one', 300],
      ['two', 350],
    ]);
    expect(clock.waiting).toBe(1);
    resender.forget(one);
    clock.advance(500);
    expect(sent.slice(4)).toEqual([
      ['two', 650],
      ['two', 950],
    ]);
    resender.forget(two);
    expect(clock.waiting).toBe(0);
    resender.watch(one);
    resender.stop();
    clock.advance(1000);
    expect([sent.length, clock.waiting]).toEqual([6, 0]);
  });
});
