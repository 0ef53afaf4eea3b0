import type { Clasp } from '@clasp-to/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { messageType } from '../../src-main/core/protocol/messages.ts';
import { WireValue } from '../../src-main/core/protocol/wire-value.ts';
import { freePort } from '../free-port.ts';
import { until } from '../until.ts';
import { openClaspPort, type ClaspPort } from './clasp-port.ts';
import { connectClient } from './quiet-client.ts';
import { RawSession } from './raw-session.ts';

/** The official client, unchanged, against our router. */
describe('@clasp-to/core', () => {
  let port: ClaspPort;
  const raw: RawSession[] = [];

  beforeEach(async () => {
    port = await openClaspPort();
  });
  afterEach(async () => {
    for (const session of raw.splice(0)) session.webSocket.terminate();
    await port.stop();
  });

  const connected = (options?: ConstructorParameters<typeof Clasp>[1]) => connectClient(port.url, options);

  function heardBy(client: Clasp, pattern: string): [string, unknown][] {
    const heard: [string, unknown][] = [];
    client.on(pattern, (value, address) => heard.push([address, value]));
    return heard;
  }

  it('[RT80] connects and learns session and time', async () => {
    const client = await connected({ name: 'desk' });
    expect(client.connected).toBe(true);
    expect(client.session).toMatch(/^[0-9a-f-]{36}$/);
    expect(Math.abs(client.time() - Date.now() * 1000)).toBeLessThan(1_000_000);
    expect(port.router.stats().sessions).toBe(1);
  });

  it('[RT80] gets what another client has set, of every type it can send', async () => {
    const [writer, reader] = [await connected(), await connected()];
    const values = {
      number: 0.75,
      whole: 42,
      text: 'grün',
      flag: true,
      none: null,
      list: [1, 'a', [false]],
      map: { x: 1, y: { z: 'deep' } },
    };
    for (const [name, value] of Object.entries(values)) writer.set(`/set/${name}`, value);
    await until('all to be stored', () => port.router.stats().params === 7);
    for (const [name, value] of Object.entries(values)) expect(await reader.get(`/set/${name}`)).toEqual(value);
  });

  it('[RT80] is ruled by the strategies of the show, and hears only of what held', async () => {
    port.router.applyRules({
      rules: [
        { pattern: '/meter/*', strategy: 'max' },
        { pattern: '/head', strategy: 'merge' },
        { pattern: '/fader', strategy: 'lock' },
      ],
      enforceRanges: false,
      enforceTypes: false,
    });
    const [one, other] = [await connected(), await connected()];
    const heard = heardBy(other, '/**');
    await until('the subscription', () => port.router.stats().subscriptions === 1);
    one.set('/meter/1', 0.5);
    one.set('/meter/1', 0.25);
    one.set('/meter/1', 0.75);
    one.set('/head', { pan: 1, colour: { r: 1 } });
    one.set('/head', { colour: { g: 2 } });
    one.set('/fader', 1);
    await until('all of the first', () => heard.length === 5);
    other.set('/fader', 2);
    await until('the refusal', () => port.router.stats().refusedTotal[401] === 1);
    expect(heard).toEqual([
      ['/meter/1', 0.5],
      ['/meter/1', 0.75],
      ['/head', { pan: 1, colour: { r: 1 } }],
      ['/head', { pan: 1, colour: { r: 1, g: 2 } }],
      ['/fader', 1],
    ]);
    expect(port.router.stats().refusedTotal).toEqual({ 400: 1, 401: 1 });
    one.close();
    await until('the end of the first', () => port.router.stats().sessions === 1);
    other.set('/fader', 3);
    await until('the lock to have gone over', () => heard.length === 6);
  });

  it('[RT320] keeps on when its lock is denied: it hears the ERROR it knows, and its codec reads the holder', async () => {
    const [holder, other] = [await connected(), await connected()];
    const heard: Record<string, unknown>[] = [];
    const parts = other as unknown as { handleMessage(message: Record<string, unknown>): void; lastError?: unknown };
    const handle = parts.handleMessage.bind(other);
    parts.handleMessage = (message) => {
      heard.push(message);
      handle(message);
    };
    // Its own codec carries the flag, its interface does not.
    const lock = (client: Clasp, value: number): void =>
      (client as unknown as { send(message: object): void }).send({ type: 'SET', address: '/a', value, lock: true });
    lock(holder, 1);
    await until('the lock', () => port.router.stats().params === 1);
    lock(other, 2);
    await until('the denial', () => heard.some(({ type }) => type === 'ACK'));
    expect(heard).toMatchObject([
      { type: 'ERROR', code: 401, address: '/a' },
      { type: 'ACK', address: '/a', locked: false, holder: holder.session },
    ]);
    expect(parts.lastError).toMatchObject({ code: 401 });
    other.set('/b', 3);
    await until('what it sets elsewhere', () => port.router.stats().params === 2);
    holder.close();
    await until('the end of the holder', () => port.router.stats().sessions === 1);
    lock(other, 4);
    await until('its own lock', () => heard.some(({ locked }) => locked === true));
    expect(heard.at(-1)).toMatchObject({ type: 'ACK', locked: true, holder: other.session });
  });

  it('[RT80] gets the past it asks for by history, oldest first, before what is live', async () => {
    const [sender, late] = [await connected(), await connected()];
    for (const n of [1, 2, 3, 4]) sender.emit('/cue', n);
    await until('all to be accepted', () => port.router.stats().messagesTotal === 4);
    const heard: unknown[] = [];
    late.on('/cue', (value) => heard.push(value));
    // Its own codec carries the option, its interface does not.
    (late as unknown as { send(message: object): void }).send({
      ...{ type: 'SUBSCRIBE', id: 99, pattern: '/cue', options: { history: 3 } },
    });
    await until('the past', () => heard.length === 3);
    sender.emit('/cue', 5);
    await until('what is live', () => heard.length === 4);
    expect(heard).toEqual([2, 3, 4, 5]);
  });

  it('[RT80] hears by wildcards what others set, emit and stream, once each and in order', async () => {
    const [sender, listener] = [await connected(), await connected()];
    const one = heardBy(listener, '/desk/*/level');
    const deep = heardBy(listener, '/cue/**');
    await until('both subscriptions', () => port.router.stats().subscriptions === 2);
    for (let i = 0; i < 100; i++) sender.set(`/desk/${i % 3}/level`, i);
    sender.emit('/cue/1/go', { who: 'tester' });
    sender.stream('/cue/1/meter', 0.5);
    sender.gesture('/cue/touch', 7, 'start', { x: 1 });
    sender.set('/desk/1/level/deeper', 1);
    await until('everything', () => deep.length === 3);
    expect(one).toEqual(Array.from({ length: 100 }, (_, i) => [`/desk/${i % 3}/level`, i]));
    expect(deep).toEqual([
      ['/cue/1/go', { who: 'tester' }],
      ['/cue/1/meter', 0.5],
      ['/cue/touch', { x: 1, phase: 'start', gestureId: 7 }],
    ]);
  });

  it('[RT80] hears its own SET but not its own events', async () => {
    const client = await connected();
    const heard = heardBy(client, '/own/**');
    await until('the subscription', () => port.router.stats().subscriptions === 1);
    client.emit('/own/event', 1);
    client.set('/own/param', 2);
    await until('the SET', () => heard.length > 0);
    expect(heard).toEqual([['/own/param', 2]]);
  });

  it('[RT80] sends a bundle that arrives whole and in order', async () => {
    const [sender, listener] = [await connected(), await connected()];
    const heard = heardBy(listener, '/**');
    await until('the subscription', () => port.router.stats().subscriptions === 1);
    sender.bundle([{ set: ['/light/1', 1] }, { emit: ['/cue/go', { n: 1 }] }, { set: ['/light/2', 0] }]);
    await until('the bundle', () => heard.length === 3);
    expect(heard).toEqual([
      ['/light/1', 1],
      ['/cue/go', { n: 1 }],
      ['/light/2', 0],
    ]);
  });

  it('[RT80] joins late and has the whole state without asking', async () => {
    const early = await connected();
    for (let i = 0; i < 2000; i++) early.set(`/a/state/with/an/address/of/realistic/length/${i}`, i);
    await until('all to be stored', () => port.router.stats().params === 2000);
    const late = await connected();
    await until('the state', () => late.cached('/a/state/with/an/address/of/realistic/length/1999') === 1999);
    for (let i = 0; i < 2000; i++) expect(late.cached(`/a/state/with/an/address/of/realistic/length/${i}`)).toBe(i);
  });

  it('[RT80] is told that an address is unknown', async () => {
    const client = await connected();
    client.get('/nobody/set/this').catch(() => undefined);
    await until('the ERROR', () => client.getLastError() !== null);
    expect(client.getLastError()).toMatchObject({ code: 201, address: '/nobody/set/this' });
  });

  it('[RT80] comes back after the router was restarted on the same port, with its subscriptions', async () => {
    await port.stop();
    port = await openClaspPort({ port: await freePort() });
    const client = await connected({ reconnect: true, reconnectInterval: 50 });
    const heard = heardBy(client, '/back/**');
    let disconnected = '';
    client.onDisconnect((reason) => (disconnected = reason ?? 'without a reason'));
    await port.stop();
    await until('the client to notice', () => disconnected !== '');
    expect(disconnected).toBe('the router stops');
    port = await openClaspPort({ port: port.port });
    await until('the client to be back', () => port.router.stats().subscriptions === 1);
    (await connected()).set('/back/again', 1);
    await until('the SET', () => heard.length === 1);
  });

  it('[RT80] sees an i64 that a raw session set, which another raw session gets back as i64', async () => {
    const client = await connected();
    const heard = heardBy(client, '/big');
    await until('the subscription', () => port.router.stats().subscriptions === 1);
    const [one, other] = [await RawSession.join(port.url), await RawSession.join(port.url)];
    raw.push(one, other);
    const value = { type: 'i64', value: 2n ** 53n - 1n } as const;
    one.send({ type: messageType.set, address: '/big', value: WireValue.of(value) });
    await until('the SET', () => heard.length === 1);
    expect(heard).toEqual([['/big', Number.MAX_SAFE_INTEGER]]);
    other.send({ type: messageType.get, address: '/big' });
    const [snapshot] = await other.until(messageType.snapshot, 1);
    expect(snapshot?.params[0]?.value.value).toEqual(value);
  });
});
