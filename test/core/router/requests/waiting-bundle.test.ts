import { describe, expect, it } from 'vitest';
import { parsePattern } from '../../../../src-main/contract/address.ts';
import { fromJson } from '../../../../src-main/contract/signal.ts';
import { keepsNothing } from '../../../../src-main/core/router/keeper.ts';
import { messageType, type Message } from '../../../../src-main/core/protocol/messages.ts';
import { addressed, publish, RouterFixture, set, subscribe } from '../router-fixture.ts';

async function rig() {
  const fixture = new RouterFixture();
  const [sender, listener] = [await fixture.join(), await fixture.join()];
  listener.send(subscribe('/**'));
  await fixture.settle();
  const timestamp = BigInt(fixture.clock.nowMicros() + 10_000);
  const send = (...messages: Message[]): void => sender.send({ type: messageType.bundle, timestamp, messages });
  /** What happens inside the router, in its order. */
  const log: string[] = [];
  fixture.router.params.watch((address) => void log.push(`${address} is set`));
  fixture.router.keepWith({ ...keepsNothing, record: ({ address }) => void log.push(`${address} is told`) });
  const run = async (): Promise<void> => {
    await fixture.settle();
    fixture.clock.advance(10);
    await fixture.settle();
  };
  return { fixture, sender, listener, send, log, run };
}

describe('BUNDLEs of one instant', () => {
  it('[RT245] are all in the state before anyone is told, and are told in their order', async () => {
    const { sender, listener, send, log, run } = await rig();
    send(set('/a', 1));
    send(set('/b', 2), publish('event', '/e', 3), set('/a', 4));
    send(set('/a', 5));
    await run();
    expect(log).toEqual([
      '/a is set',
      '/b is set',
      '/a is set',
      '/a is set',
      '/a is told',
      '/b is told',
      '/e is told',
      '/a is told',
      '/a is told',
    ]);
    const told = [['/a', 1], ['/b', 2], ['/e', 3], ['/a', 4], ['/a', 5]]; // prettier-ignore
    expect(addressed(listener.take())).toEqual(told);
    // The official client sends them under commit, and hears of each when it is done.
    expect(sender.take()).toMatchObject([{ revision: 1n }, { revision: 2n }, { revision: 3n }]);
  });

  it('[RT245] are judged one after the other, and each that cannot be is told alone', async () => {
    const { sender, listener, send, run } = await rig();
    send(set('/a', 1, { lock: true }));
    send(set('/a', 2, { revision: 1n }));
    send(set('/b', 3), set('/a', 4, { revision: 1n }));
    send(set('/a', 5, { revision: 2n }));
    await run();
    expect(addressed(listener.take())).toEqual([['/a', 1], ['/a', 2], ['/a', 5]]); // prettier-ignore
    expect(sender.take()).toMatchObject([
      { type: messageType.ack, revision: 1n },
      { type: messageType.ack, revision: 2n },
      { type: messageType.error, code: 400 },
      { type: messageType.ack, revision: 3n },
    ]);
  });

  it('[RT245] with a timeline stand apart: what it sets is told in its place', async () => {
    const { listener, send, log, run } = await rig();
    const ramp = fromJson({ keyframes: [{ time: 0, value: 7 }, { time: 1_000_000, value: 8 }] }); // prettier-ignore
    send(set('/t', 1));
    send(publish('timeline', '/t', ramp));
    send(set('/t', 9));
    await run();
    expect(log.slice(0, 5)).toEqual(['/t is set', '/t is told', '/t is told', '/t is set', '/t is told']);
    const types = listener.take().map(({ type }) => type);
    expect(types.slice(0, 3)).toEqual([messageType.set, messageType.publish, messageType.set]);
  });

  it('[RT143] whose sender has left by then take no lock that a rule would give', async () => {
    const { fixture, sender, listener, send, run } = await rig();
    fixture.router.applyRules({
      rules: [{ pattern: parsePattern('/a'), strategy: 'lock' }],
      enforceRanges: false,
      enforceTypes: false,
    });
    send(set('/a', 1));
    await fixture.settle();
    sender.connection.close('gone');
    await run();
    listener.take();
    listener.send(set('/a', 2));
    await fixture.settle();
    expect(listener.takeOnly(messageType.ack)).toMatchObject([{ address: '/a', revision: 2n }]);
  });

  it('[RT245] keep their values apart from the frames that they came in', async () => {
    const { fixture, sender, run, log } = await rig();
    const timestamp = BigInt(fixture.clock.nowMicros() + 10_000);
    for (const value of [1, 2])
      sender.send({ type: messageType.bundle, timestamp, messages: [set(`/${value}`, value)] });
    await run();
    expect(log).toContain('/1 is set');
    const stored = ['/1', '/2'].map((address) => fixture.router.params.get(address)?.value);
    expect(stored.map((value) => value?.data.buffer.byteLength)).toEqual([8, 8]);
    expect(stored.map((value) => value?.value)).toMatchObject([{ value: 1 }, { value: 2 }]);
  });
});
