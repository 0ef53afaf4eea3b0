import { describe, expect, it } from 'vitest';
import { f64 } from '../../../../src-main/contract/signal.ts';
import { SessionGate, type Gated } from '../../../../src-main/core/router/sessions/session-gate.ts';
import { SharedFrame } from '../../../../src-main/core/router/delivery/shared-frame.ts';
import { SimulatedClock } from '../../../simulated-clock.ts';
import { addressed, set } from '../router-fixture.ts';
import { decodeFrame } from '../../../../src-main/core/protocol/frame.ts';

function bench() {
  const clock = new SimulatedClock();
  const sent: unknown[] = [];
  const ended = new Set<number>();
  const gate = new SessionGate({
    clock,
    send: (frame) => sent.push(addressed([decodeFrame(frame.bytes).message])[0]?.[1]),
    isCurrent: ({ id }) => !ended.has(id),
    limits: { thinnedMax: 10, thinnedBytesMax: 1000 },
    onThinned: () => undefined,
  });
  const offer = (value: number, more: Partial<Gated> = {}): void =>
    gate.offer({
      key: 'a',
      value: f64(value),
      frame: () => new SharedFrame(set('/a', value)),
      subscriptions: [{ id: 1, options: { maxRate: 10 } }],
      rateMax: undefined,
      ...more,
    });
  return { clock, sent, gate, offer, ended };
}

describe('a session gate', () => {
  it('[RT102] sends what waits before what must not overtake it, and nothing that was overtaken', () => {
    const { clock, sent, gate, offer } = bench();
    offer(1);
    offer(2);
    gate.flush('a');
    offer(3);
    gate.passed('a');
    gate.flush('unknown');
    clock.advance(1000);
    expect(sent).toEqual([1, 2]);
  });

  it('[RT100] wakes for the earliest of all that waits, one timer for all', () => {
    const { clock, sent, offer } = bench();
    for (const [key, maxRate] of [
      ['slow', 1],
      ['quick', 100],
      ['middle', 10],
    ] as const)
      for (const value of [maxRate, maxRate + 0.5])
        offer(value, { key, subscriptions: [{ id: 1, options: { maxRate } }] });
    expect(clock.waiting).toBe(1);
    clock.advance(2000);
    expect(sent).toEqual([1, 100, 10, 100.5, 10.5, 1.5]);
    expect(clock.waiting).toBe(0);
  });

  it('[RT104] keeps to the upper bound where nobody asks for less', () => {
    const { clock, sent, offer } = bench();
    for (let i = 0; i < 1000; i++) {
      offer(i, { subscriptions: [{ id: 1, options: {} }], rateMax: 50 });
      clock.advance(1);
    }
    clock.advance(100);
    expect([sent.length, sent.at(-1)]).toEqual([51, 999]);
  });

  it('[RT280] keeps nothing for who has ended, and begins anew for who comes then', () => {
    const { clock, sent, offer, ended } = bench();
    offer(1);
    offer(2);
    ended.add(1);
    offer(3, { subscriptions: [{ id: 2, options: { maxRate: 10 } }] });
    clock.advance(1000);
    expect(sent).toEqual([1, 3]);
    offer(4, { subscriptions: [{ id: 2, options: { maxRate: 10 } }] });
    offer(5, { subscriptions: [{ id: 2, options: { maxRate: 10 } }] });
    ended.add(2);
    clock.advance(1000);
    expect(sent).toEqual([1, 3, 4]);
  });
});
