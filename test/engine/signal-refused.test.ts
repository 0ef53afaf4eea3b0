import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../src-main/contract/address.ts';
import { f64, text, type Signal, type Value } from '../../src-main/contract/signal.ts';
import { describeRefusal } from '../../src-main/engine/describe-refusal.ts';
import { signalRefused } from '../../src-main/engine/signal-refused.ts';
import { messageType } from '../../src-main/core/protocol/messages.ts';
import { WireValue } from '../../src-main/core/protocol/wire-value.ts';
import { RouterFixture } from '../core/router/router-fixture.ts';

const param = (address: string, value: Value = f64(1)): Signal => ({
  kind: 'param',
  address: parseAddress(address),
  value,
});

/** What a person is told who sends this by hand. */
function sentBy({ router }: RouterFixture, signal: Signal) {
  const refusal = router.openLocal('hand').publish([signal]);
  return refusal && signalRefused(refusal, describeRefusal(router, refusal));
}

describe('a signal that a person sends', () => {
  it('[EA40] is refused with the name of the client that holds the lock', async () => {
    const fixture = new RouterFixture();
    const phone = await fixture.join();
    phone.send({
      type: messageType.set,
      address: '/lamp',
      value: WireValue.of(f64(0.5)),
      lock: true,
    });
    await fixture.settle();
    expect(sentBy(fixture, param('/lamp'))).toMatchObject({
      code: 'param-locked',
      message: expect.stringMatching(/^Nothing was sent: locked by tester\.$/) as string,
    });
    expect(sentBy(fixture, param('/other'))).toBeUndefined();
  });

  it('[EA40] is refused when no frame can carry it, as param and as event', () => {
    const fixture = new RouterFixture();
    const large = text('x'.repeat(65_530));
    expect(sentBy(fixture, param('/a', large))).toMatchObject({ code: 'bad-value' });
    const event: Signal = { kind: 'event', address: parseAddress('/a'), value: text('x'.repeat(65_540)) };
    expect(sentBy(fixture, event)).toMatchObject({ code: 'bad-value' });
    expect(fixture.router.get(parseAddress('/a'))).toBeUndefined();
  });

  it('[EA40] is refused when the router is full', () => {
    const fixture = new RouterFixture({ paramsMax: 1, paramsReserved: 0 });
    expect(sentBy(fixture, param('/a'))).toBeUndefined();
    expect(sentBy(fixture, param('/b'))).toMatchObject({ code: 'too-many-items', kind: 'limit' });
  });
});
