import { afterEach, describe, expect, it } from 'vitest';
import type { Address } from '../../../src-main/contract/address.ts';
import { f64, nullValue, text, toJson } from '../../../src-main/contract/signal.ts';
import { createAdmit } from '../../../src-main/engine/foreign-clients.ts';
import { subscriptionsMax, WebGuest, type WebDelivery } from '../../../src-main/gateways/web/web-guest.ts';
import { TokenDesk } from '../../core/router/token-desk.ts';
import { param } from '../../json-signals.ts';
import { until } from '../../until.ts';
import { newRouter, openDesk, webWorld } from './web-rig.ts';

const ends: (() => unknown)[] = [];
afterEach(() => {
  for (const end of ends.splice(0).reverse()) end();
});

async function join(router = newRouter(), prefix = '', token?: string) {
  const admit = createAdmit((connection) => router.accept(connection), webWorld);
  const session = await admit({ from: 'http 127.0.0.1:1', name: 'guest', token });
  const got: WebDelivery[] = [];
  const guest = new WebGuest({ session, prefix, deliver: (delivery) => void got.push(delivery) });
  ends.push(() => guest.close('the test is over'));
  const said = () =>
    got.map(({ signal, isStanding }) => {
      const value = JSON.stringify(toJson(signal.value)).replaceAll('"', '');
      return `${isStanding ? 'standing ' : ''}${signal.kind} ${signal.address} ${value}`;
    });
  return { router, session, guest, got, said, ...openDesk(router) };
}

describe('a client of the web in the router', () => {
  it('[WB7] sets, has happen, streams and reads, each answered', async () => {
    const { guest, router, heard } = await join();
    const first = await guest.set('/lamp/1', f64(0.5));
    expect(router.get('/lamp/1' as Address)).toEqual(f64(0.5));
    expect(await guest.get('/lamp/1')).toMatchObject({ value: f64(0.5), revision: first });
    await guest.emit('/go', text('now'));
    await guest.stream('/fader', f64(1));
    await until('the stream', () => heard.length === 3);
    expect(heard.map(({ kind, address }) => `${kind} ${address}`)).toEqual([
      'param /lamp/1',
      'event /go',
      'stream /fader',
    ]);
    expect(await guest.get('/nothing')).toBeUndefined();
    await guest.set('/lamp/1', nullValue);
    expect(await guest.get('/lamp/1')).toBeUndefined();
  });

  it('[WB7] sets only from the revision that it has seen, where it says so', async () => {
    const { guest, local } = await join();
    const seen = await guest.set('/lamp/1', f64(1));
    local.publish([param('/lamp/1', 2)]);
    await expect(guest.set('/lamp/1', f64(3), seen)).rejects.toMatchObject({ code: 'changed-meanwhile' });
    const { revision } = (await guest.get('/lamp/1')) ?? {};
    expect(await guest.set('/lamp/1', f64(3), revision)).toBeGreaterThan(revision ?? 0n);
  });

  it.each([
    ['lamp', 'bad-address'],
    ['/lamp/*', 'bad-address'],
    ['', 'bad-address'],
  ])('[WB7] refuses the address %j with a code', async (address, code) => {
    const { guest } = await join(newRouter(), '/web');
    await expect(guest.set(address, f64(1))).rejects.toMatchObject({ code });
    await expect(guest.subscribe('x')).rejects.toMatchObject({ code: 'bad-pattern' });
  });

  it('[WB8] hears what stands, then what changes and happens, until it ends that', async () => {
    const { guest, local, said } = await join();
    local.publish([param('/lamp/1', 1), param('/lamp/2', 2), param('/lamp/2', null), param('/x', 1)]);
    await guest.subscribe('/lamp/*');
    expect(said()).toEqual(['standing param /lamp/1 1']);
    local.publish([param('/lamp/1', 3), { kind: 'event', address: '/lamp/go' as Address, value: text('!') }]);
    await until('changes', () => said().length === 3);
    expect(said().slice(1)).toEqual(['param /lamp/1 3', 'event /lamp/go !']);
    expect([guest.unsubscribe('/lamp/*'), guest.unsubscribe('/lamp/*')]).toEqual([true, false]);
    await guest.subscribe('/x');
    local.publish([param('/lamp/1', 4), param('/x', 2)]);
    await until('the other', () => said().length === 5);
    expect(said().slice(3)).toEqual(['standing param /x 1', 'param /x 2']);
  });

  it('[WB8] hears a change once however many subscriptions cover it, also while one is asked for again', async () => {
    const { guest, local, said } = await join();
    local.publish([param('/lamp/1', 1)]);
    await guest.subscribe('/lamp/1');
    await guest.subscribe('/lamp/**');
    const again = guest.subscribe('/lamp/1');
    local.publish([param('/lamp/1', 2)]);
    await again;
    local.publish([param('/lamp/1', 3)]);
    await until('the last', () => said().at(-1) === 'param /lamp/1 3');
    expect(said().filter((line) => line === 'param /lamp/1 3')).toHaveLength(1);
    expect(said().filter((line) => line === 'param /lamp/1 2').length).toBeLessThanOrEqual(1);
    expect(said().filter((line) => line.startsWith('standing'))).toHaveLength(3);
    guest.unsubscribe('/lamp/1');
    local.publish([param('/lamp/1', 4)]);
    await until('by the other', () => said().at(-1) === 'param /lamp/1 4');
  });

  it('[WB8] addresses are those that the client writes, under the prefix of the door', async () => {
    const { guest, router, local, said } = await join(newRouter(), '/web');
    await guest.set('/lamp/1', f64(1));
    expect(router.get('/web/lamp/1' as Address)).toEqual(f64(1));
    local.publish([param('/web', 7), param('/lamp/1', 9)]);
    await guest.subscribe('/**');
    expect(said()).toEqual(['standing param /lamp/1 1']);
    expect((await guest.get('/lamp/1'))?.value).toEqual(f64(1));
  });

  it('[WB9] scopes hold for each of them, and a refusal is an error with its code', async () => {
    const router = newRouter();
    const tokens = new TokenDesk();
    tokens.give('desk', 'read:/lamp/**,write:/lamp/**');
    router.guard.askForTokens(tokens);
    const { guest, session } = await join(router, '', 'desk');
    const refused = { code: 'access-refused' };
    await guest.set('/lamp/1', f64(1));
    await expect(guest.set('/x', f64(1))).rejects.toMatchObject(refused);
    await expect(guest.emit('/x', f64(1))).rejects.toMatchObject(refused);
    await expect(guest.get('/x')).rejects.toMatchObject(refused);
    await expect(guest.subscribe('/x')).rejects.toMatchObject(refused);
    expect(guest.unsubscribe('/x')).toBe(false);
    const ended: string[] = [];
    session.onEnded((reason) => ended.push(reason));
    tokens.revoke('desk');
    await until('its end', () => ended.length === 1);
    await expect(guest.set('/lamp/1', f64(1))).rejects.toMatchObject({ kind: 'unavailable' });
  });

  it('[WB9] subscriptions of a client are bounded', async () => {
    const { guest } = await join();
    await Promise.all(Array.from({ length: subscriptionsMax }, (_, i) => guest.subscribe(`/a/${i}`)));
    await expect(guest.subscribe('/b')).rejects.toMatchObject({ code: 'too-many-subscriptions' });
    await guest.subscribe('/a/1');
    guest.unsubscribe('/a/1');
    await guest.subscribe('/b');
  });
});
