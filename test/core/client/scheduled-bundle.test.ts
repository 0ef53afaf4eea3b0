import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src-main/contract/errors.ts';
import { f64 } from '../../../src-main/contract/signal.ts';
import { micros } from '../../../src-main/contract/units.ts';
import { createClaspClient } from '../../../src-main/core/client/clasp-client.ts';
import type { ClaspClient } from '../../../src-main/core/client/client-api.ts';
import { defaultLatePolicy } from '../../../src-main/core/clock/late-policy.ts';
import { messageType } from '../../../src-main/core/protocol/messages.ts';
import { MemoryConnection } from '../../../src-main/transports/memory/memory-connection.ts';
import { silentLog } from '../../silent-log.ts';
import { RouterFixture } from '../router/router-fixture.ts';
import { address } from './addresses.ts';
import { openClient, outcomeOf, ScriptedRouter } from './scripted-router.ts';

const step = (value: number) => ({ kind: 'param', address: address('/a'), value: f64(value) }) as const;

async function join(fixture: RouterFixture, dials = Infinity): Promise<ClaspClient> {
  let left = dials;
  const client = createClaspClient({
    dial: () => {
      if (left-- <= 0) return Promise.reject(new Error('gone'));
      const [near, far] = MemoryConnection.pair('desk');
      fixture.router.accept(far);
      return Promise.resolve(near);
    },
    clock: fixture.clock,
    random: { fraction: () => 0.5, uuid: () => 'resume of desk' },
    log: silentLog,
    name: 'desk',
  });
  client.connect();
  await fixture.settle();
  return client;
}

describe('a bundle for later', () => {
  it('[RT187] is accepted when it waits, and is done by the router at its time', async () => {
    const fixture = new RouterFixture();
    const client = await join(fixture);
    const at = micros(fixture.clock.nowMicros() + 60_000_000);
    const { accepted, cancel } = client.schedule([step(1)], at);
    expect(await outcomeOf(fixture, accepted)).toEqual({ acknowledged: true });
    await fixture.clock.advanceAsync(59_999);
    expect(fixture.router.get(address('/a'))).toBeUndefined();
    await fixture.clock.advanceAsync(1);
    expect(fixture.router.get(address('/a'))).toEqual(f64(1));
    expect(await outcomeOf(fixture, cancel())).toBe(false);
  });

  it('[RT187] is cancelled once, also from the next session', async () => {
    const fixture = new RouterFixture();
    const client = await join(fixture);
    const { cancel } = client.schedule([step(1)], micros(fixture.clock.nowMicros() + 1_000_000));
    await fixture.settle();
    expect(fixture.router.stats().scheduled).toBe(1);
    expect(await outcomeOf(fixture, cancel())).toBe(true);
    expect(fixture.router.stats().scheduled).toBe(0);
    expect(await outcomeOf(fixture, cancel())).toBe(false);
  });

  it('[RT187] that has not left yet is withdrawn', async () => {
    const fixture = new RouterFixture();
    const client = await join(fixture, 0);
    const { accepted, cancel } = client.schedule([step(1)], micros(fixture.clock.nowMicros() + 1_000_000));
    expect(await outcomeOf(fixture, cancel())).toBe(true);
    expect(await outcomeOf(fixture, accepted)).toMatchObject({ code: 'bundle-missed' });
    expect(client.stats().queued).toBe(0);
  });

  it('[RT187] is told as a notice when the router could not do it in its time', async () => {
    const fixture = new RouterFixture({}, silentLog, { latePolicy: { ...defaultLatePolicy, late: 'drop' } });
    const client = await join(fixture);
    const notices: AppError[] = [];
    client.onNotice((error) => notices.push(error));
    const { accepted } = client.schedule([step(1)], micros(fixture.clock.nowMicros() + 1_000_000));
    expect(await outcomeOf(fixture, accepted)).toEqual({ acknowledged: true });
    fixture.clock.jump(5000);
    await fixture.clock.advanceAsync(0);
    await fixture.settle();
    expect(notices).toMatchObject([{ code: 'bundle-missed', details: { number: 502 } }]);
    const late = client.schedule([step(1)], micros(fixture.clock.nowMicros() - 1_000_000));
    expect(await outcomeOf(fixture, late.accepted)).toMatchObject({ code: 'bundle-missed' });
  });

  it('[RT187] cannot be cancelled with routers that know no request ids, and nothing is asked of a closed client', async () => {
    const router = new ScriptedRouter({ knowsIds: false });
    const { client } = await openClient(router);
    const { accepted, cancel } = client.schedule([step(1)], micros(5));
    await router.settle();
    router.send({ type: messageType.ack });
    expect(await outcomeOf(router, accepted)).toEqual({ acknowledged: true });
    expect(await outcomeOf(router, cancel())).toBe(false);
    client.close();
    const closed = client.schedule([step(1)], micros(5));
    expect(await outcomeOf(router, closed.accepted)).toMatchObject({ code: 'link-closed' });
    expect(await outcomeOf(router, closed.cancel())).toBe(true);
  });
});
