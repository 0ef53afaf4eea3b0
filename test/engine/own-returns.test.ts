import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../src-main/contract/address.ts';
import { text, type Signal, type Value } from '../../src-main/contract/signal.ts';
import { OwnReturns } from '../../src-main/engine/own-returns.ts';
import { SentRates } from '../../src-main/engine/sent-rates.ts';
import { SimulatedClock } from '../simulated-clock.ts';
import { param } from './supervisor-bench.ts';

function world() {
  const clock = new SimulatedClock();
  const sentRates = new SentRates(clock);
  return { clock, sentRates, returns: new OwnReturns('/mqtt', clock, sentRates) };
}

/** How many rounds a value goes through a bridge to a door of its own Flyrail, which tells it all that is set. */
function rounds({ clock, sentRates, returns }: ReturnType<typeof world>, first: Signal, between = '/mqtt'): number {
  let signal = first;
  for (let round = 0; round < 60; round++) {
    clock.advance(3);
    const [passed] = returns.incoming([signal]);
    if (!passed) return round;
    sentRates.sent([passed]);
    signal = { ...passed, address: parseAddress(`${between}${passed.address}`) };
  }
  return Infinity;
}

describe('what a bridge brings and is handed back', () => {
  it.each([
    ['/mqtt', param('/mqtt/lamp/1', 0.5)],
    ['/mqtt', { ...param('/mqtt/go', 1), kind: 'event' as const }],
    ['/mqtt/in', param('/mqtt/in/lamp/1', 0.5)],
    ['/mqtt', { kind: 'param' as const, address: parseAddress('/mqtt/a'), value: { type: 'map' as const, value: [] } }],
  ])('[SU57] under its prefix once more is left out at its first return, counted, and told: %s', (between, signal) => {
    const all = world();
    expect(rounds(all, signal, between)).toBe(1);
    expect(all.returns.cutTotal).toBe(1);
    expect(all.returns.trouble).toBe(
      `What it brings comes back to it, at ${between}${signal.address}: Flyrail leaves that out. ` +
        'Look whether it is connected to Flyrail itself.',
    );
    all.clock.advance(21_000);
    expect(all.returns.trouble).toBeUndefined();
  });

  it('[SU57] in a list of address and value, as the door for Socket.IO says it, is left out at its first return too', () => {
    const { returns, sentRates, clock } = world();
    const address = parseAddress('/mqtt/signal');
    const told = (at: string, value: Value): Value => ({ type: 'array', value: [text(at), value, text('param')] });
    let value = told('/lamp', { type: 'f64', value: 1 });
    const passed: boolean[] = [];
    for (let round = 0; round < 3; round++) {
      const passing = returns.incoming([{ kind: 'param', address, value }]);
      passed.push(passing.length === 1);
      sentRates.sent(passing);
      value = told(address, value);
      clock.advance(3);
    }
    expect([passed, returns.cutTotal]).toEqual([[true, false, false], 2]);
  });

  it('[SU58] passes where it did not leave this machine, is another value, comes much later, or was never brought', () => {
    const twice = param('/mqtt/mqtt/a', 1);
    const passes = (prepare: (all: ReturnType<typeof world>) => void): boolean => {
      const all = world();
      prepare(all);
      return all.returns.incoming([twice]).length === 1;
    };
    const bring = ({ returns, sentRates }: ReturnType<typeof world>, value: number): void =>
      sentRates.sent(returns.incoming([param('/mqtt/a', value)]));
    expect(passes((all) => bring(all, 1))).toBe(false);
    expect(passes((all) => void all.returns.incoming([param('/mqtt/a', 1)]))).toBe(true);
    expect(passes((all) => bring(all, 2))).toBe(true);
    const bringEarly = (all: ReturnType<typeof world>): void => {
      bring(all, 1);
      all.clock.advance(3000);
    };
    expect(passes(bringEarly)).toBe(true);
    expect(passes(({ sentRates }) => sentRates.sent([param('/mqtt/a', 1)]))).toBe(true);
  });
});
