import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../../../src-main/contract/address.ts';
import { f64 } from '../../../../src-main/contract/signal.ts';
import { messageType } from '../../../../src-main/core/protocol/messages.ts';
import { RouterFixture, set, subscribe } from '../router-fixture.ts';

describe('a SET that asks for the lock of another', () => {
  it('[RT320] gets ERROR 401 and then ACK with the holder, and does nothing', async () => {
    const fixture = new RouterFixture();
    const [holder, other] = [await fixture.join(), await fixture.join()];
    holder.send(subscribe('/a'), set('/a', 1, { lock: true }));
    await fixture.settle();
    holder.take();
    other.send(set('/a', 2, { lock: true }));
    await fixture.settle();
    expect(other.take()).toEqual([
      { type: messageType.error, code: 401, message: expect.stringContaining(holder.session) as string, address: '/a' },
      { type: messageType.ack, address: '/a', locked: false, holder: holder.session },
    ]);
    expect(holder.take()).toEqual([]);
    expect(fixture.router.get(parseAddress('/a'))).toEqual(f64(1));
    expect(fixture.router.stats().refusedTotal).toEqual({ 401: 1 });
    holder.connection.close('gone');
    await fixture.settle();
    other.send(set('/a', 3, { lock: true }));
    await fixture.settle();
    expect(other.take()).toEqual([
      { type: messageType.ack, address: '/a', revision: 2n, locked: true, holder: other.session },
    ]);
  });

  it('[RT320] gets the ACK alone, and the same again, where its client gives ids', async () => {
    const fixture = new RouterFixture();
    const [holder, other] = [await fixture.join(), await fixture.joinWithIds()];
    holder.send(set('/a', 1, { lock: true }));
    await fixture.settle();
    for (const qos of ['confirm', 'commit', 'confirm'] as const) other.ask(9, set('/a', 2, { lock: true }), qos);
    await fixture.settle();
    const denied = { type: messageType.ack, address: '/a', locked: false, holder: holder.session, correlationId: 9 };
    expect(other.take()).toEqual([denied, denied, denied]);
    expect(fixture.router.stats()).toMatchObject({ refusedTotal: { 401: 1 }, repeatedTotal: 2 });
  });

  it('[RT320] is refused as any other where the lock is not the reason', async () => {
    const fixture = new RouterFixture();
    const peer = await fixture.join();
    peer.send(set('/a', 1, { lock: true }), set('/a', 2, { lock: true, revision: 9n }));
    await fixture.settle();
    expect(peer.take()).toMatchObject([
      { type: messageType.ack, locked: true },
      { type: messageType.error, code: 400 },
    ]);
  });
});
