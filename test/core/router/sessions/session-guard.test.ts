import { describe, expect, it } from 'vitest';
import { parseAddress, parsePattern } from '../../../../src-main/contract/address.ts';
import { hertz, micros } from '../../../../src-main/contract/units.ts';
import { failedHellos } from '../../../../src-main/core/access/rate-limits.ts';
import { arrivalsAddress } from '../../../../src-main/core/protocol/arrivals.ts';
import { messageType, type AnnouncedSignal, type Message } from '../../../../src-main/core/protocol/messages.ts';
import { parseScopes } from '../../../../src-main/contract/scope.ts';
import { MemoryConnection } from '../../../../src-main/transports/memory/memory-connection.ts';
import { hello, Peer, publish, RouterFixture, set, subscribe } from '../router-fixture.ts';
import { TokenDesk } from '../token-desk.ts';

function guarded(): { fixture: RouterFixture; desk: TokenDesk } {
  const fixture = new RouterFixture();
  const desk = new TokenDesk();
  fixture.router.guard.askForTokens(desk);
  return { fixture, desk };
}

function announced(address: string, description: string): AnnouncedSignal {
  return { address, kind: 'param', meta: { description } };
}

async function enter(fixture: RouterFixture, token: string | undefined): Promise<Peer> {
  const peer = fixture.connect();
  peer.send({ ...hello, ...(token !== undefined && { token }) });
  await fixture.settle();
  return peer;
}

describe.each([false, true])('who is let in, answers that take a moment: %s', (isSlow) => {
  it.each([undefined, '', 'wrong', 'x'.repeat(65_000)])(
    '[AC6] refuses token %#, ERROR 300, and closes',
    async (token) => {
      const { fixture, desk } = guarded();
      desk.isSlow = isSlow;
      const peer = await enter(fixture, token);
      expect(peer.take()).toMatchObject([{ type: messageType.error, code: 300 }]);
      expect(peer.closedBecause).toBe('its token opens nothing');
      expect(fixture.router.stats()).toMatchObject({ sessions: 0, refusedTotal: { 300: 1 } });
    },
  );

  it('[AC6] says 302 of one that has expired, whether the verifier says so or the clock does', async () => {
    const { fixture, desk } = guarded();
    desk.isSlow = isSlow;
    desk.refuse('old', 'expired');
    desk.give('late', 'admin:/**', { expiresAt: fixture.clock.nowMicros() });
    for (const token of ['old', 'late'])
      expect((await enter(fixture, token)).take()).toMatchObject([{ type: messageType.error, code: 302 }]);
  });

  it('[AC6] lets in whoever shows one that opens something', async () => {
    const { fixture, desk } = guarded();
    desk.isSlow = isSlow;
    desk.give('good', 'admin:/**');
    const peer = await enter(fixture, 'good');
    expect(peer.take().map(({ type }) => type)).toEqual([messageType.welcome, messageType.snapshot]);
    expect([...fixture.router.sessions()]).toMatchObject([{ grant: { id: 'id-of-good', name: 'good' } }]);
  });

  it('[AC7] does what came behind the HELLO in its order, also of a peer that has left', async () => {
    const { fixture, desk } = guarded();
    desk.isSlow = isSlow;
    desk.give('good', 'admin:/**');
    const peer = fixture.connect();
    peer.send({ ...hello, token: 'good' }, set('/a', 1), set('/a', 2), set('/b', 3));
    for (let i = 0; i < 3; i++) await Promise.resolve();
    peer.connection.close('gone');
    await fixture.settle();
    expect(fixture.router.stats()).toMatchObject({ params: 2, sessions: 0 });
    expect(fixture.router.params.get('/a')?.revision).toBe(2n);
  });

  it('[AC7] does nothing of what came behind a HELLO that was refused', async () => {
    const { fixture, desk } = guarded();
    desk.isSlow = isSlow;
    const peer = fixture.connect();
    peer.send({ ...hello, token: 'bad' }, set('/a', 1), publish('event', '/b'));
    await fixture.settle();
    expect(fixture.router.stats()).toMatchObject({ params: 0, messagesTotal: 0, sessions: 0 });
  });
});

describe('tokens that end', () => {
  it('[AC8] tells 302 and ends the session when its token expires, not before', async () => {
    const { fixture, desk } = guarded();
    desk.give('short', 'admin:/**', { expiresAt: micros(fixture.clock.nowMicros() + 5_000_000) });
    const peer = await enter(fixture, 'short');
    peer.take();
    fixture.clock.advance(4999);
    await fixture.settle();
    expect(peer.closedBecause).toBeUndefined();
    fixture.clock.advance(2);
    await fixture.settle();
    expect(peer.take()).toMatchObject([{ type: messageType.error, code: 302 }]);
    expect(peer.closedBecause).toBe('The token has expired.');
  });

  it.each([false, true])('[AC8] a HELLO with another token renews it, slow: %s', async (isSlow) => {
    const { fixture, desk } = guarded();
    desk.isSlow = isSlow;
    desk.give('short', 'read:/**', { expiresAt: micros(fixture.clock.nowMicros() + 5_000_000) });
    desk.give('next', 'read:/a/**', { expiresAt: micros(fixture.clock.nowMicros() + 50_000_000) });
    const peer = await enter(fixture, 'short');
    peer.send(subscribe('/a/*', 1), subscribe('/b', 2));
    await fixture.settle();
    peer.take();
    peer.send({ ...hello, token: 'next' });
    await fixture.settle();
    expect(peer.take()).toMatchObject([
      { type: messageType.error, code: 301, address: '/b' },
      { type: messageType.ack },
    ]);
    fixture.clock.advance(10_000);
    const hand = fixture.router.openLocal('hand');
    hand.publish([
      { kind: 'event', address: '/a/x' as never, value: { type: 'null' } },
      { kind: 'event', address: '/b' as never, value: { type: 'null' } },
    ]);
    await fixture.settle();
    expect(peer.take()).toMatchObject([{ type: messageType.publish, address: '/a/x' }]);
    expect(peer.closedBecause).toBeUndefined();
  });

  it('[AC29] a narrower token gives up announcements, locks and gestures that it does not reach, and no others', async () => {
    const { fixture, desk } = guarded();
    desk.give('wide', 'write:/**');
    desk.give('narrow', 'write:/a/**');
    const [peer, other] = [await enter(fixture, 'wide'), await enter(fixture, 'wide')];
    const signals = ['/a/x', '/b/x', '/**'].map((address) => announced(address, 'mine'));
    peer.send({ type: messageType.announce, namespace: '/', signals });
    for (const side of ['/a', '/b']) {
      const finger = { ...publish('event', `${side}/pad`), kind: 'gesture', phase: 'start', id: 1 } as const;
      peer.send(set(`${side}/fader`, 1, { lock: true }), finger);
    }
    other.send(subscribe('/**', 1));
    await fixture.settle();
    other.take();
    peer.send({ ...hello, token: 'narrow' });
    await fixture.settle();
    expect(other.take()).toMatchObject([{ address: '/b/pad', phase: 'cancel' }]);
    const isTaken = async (message: Message): Promise<boolean> => {
      other.send(message);
      await fixture.settle();
      return !other.take().some(({ type }) => type === messageType.error);
    };
    const announce = (address: string): Promise<boolean> =>
      isTaken({ type: messageType.announce, namespace: '/', signals: [announced(address, 'theirs')] });
    expect([await announce('/a/x'), await announce('/b/x'), await announce('/**')]).toEqual([false, true, true]);
    expect([await isTaken(set('/a/fader', 2)), await isTaken(set('/b/fader', 2))]).toEqual([false, true]);
  });

  it('[AC8] a HELLO with a bad token changes nothing', async () => {
    const { fixture, desk } = guarded();
    desk.give('good', 'admin:/**');
    const peer = await enter(fixture, 'good');
    peer.take();
    peer.send({ ...hello, token: 'bad' }, set('/a', 1));
    await fixture.settle();
    expect(peer.take()).toMatchObject([{ code: 300 }, { type: messageType.ack, address: '/a' }]);
  });

  it('[HC20] a HELLO that is looked at when its session ends leaves nothing behind', async () => {
    const { fixture, desk } = guarded();
    desk.give('good', 'admin:/**', { expiresAt: micros(fixture.clock.nowMicros() + 3_600_000_000) });
    const peer = await enter(fixture, 'good');
    const seen: string[] = [];
    fixture.router.guard.watchSessions(({ what }) => void seen.push(what));
    const timers = fixture.clock.waiting;
    desk.isSlow = true;
    const { asked } = desk;
    peer.send({ ...hello, token: 'good' });
    // Ended before the HELLO is looked at it would prove nothing.
    for (let i = 0; i < 100 && desk.asked === asked; i++) await Promise.resolve();
    expect(desk.asked).toBe(asked + 1);
    desk.revoke('good');
    await fixture.settle();
    expect(seen).toEqual(['refused', 'closed']);
    expect(fixture.clock.waiting).toBeLessThan(timers);
  });

  it('[HC21] what comes behind a HELLO that renews waits, and is done with the new rights', async () => {
    const { fixture, desk } = guarded();
    desk.give('wide', 'admin:/**');
    desk.give('narrow', 'write:/a/**');
    const peer = await enter(fixture, 'wide');
    desk.isSlow = true;
    peer.take();
    peer.send({ ...hello, token: 'narrow' }, set('/b', 1), { ...hello, token: 'wide' }, set('/c', 1));
    await fixture.settle();
    expect(peer.take()).toMatchObject([
      { type: messageType.ack },
      { code: 301, address: '/b' },
      { type: messageType.ack },
      { type: messageType.ack, address: '/c' },
    ]);
  });

  it('[HC22] renewing brings no new burst, of the session or of the token, and counts as a message', async () => {
    const { fixture, desk } = guarded();
    const slow = { rate: hertz(1), burst: 10 };
    fixture.router.guard.limitRates({ session: slow, patterns: [{ pattern: parsePattern('/p'), ...slow, burst: 2 }] });
    const constraint = { pattern: parsePattern('/a'), maxRate: hertz(1) };
    desk.give('good', 'admin:/**', { constraints: [constraint] });
    const peer = await enter(fixture, 'good');
    for (let i = 0; i < 30; i++) peer.send({ ...hello, token: 'good' }, set('/a', i), set('/p', i));
    await fixture.settle();
    expect(fixture.router.params.get('/a')?.revision).toBe(1n);
    expect(fixture.router.stats().messages).toMatchObject({ param: 3 });
  });

  it('[AC9] tells 300 and ends the sessions of a token that is revoked, no other', async () => {
    const { fixture, desk } = guarded();
    desk.give('one', 'admin:/**');
    desk.give('two', 'admin:/**');
    const [one, other, two] = [await enter(fixture, 'one'), await enter(fixture, 'one'), await enter(fixture, 'two')];
    for (const peer of [one, other, two]) peer.take();
    desk.revoke('one');
    await fixture.settle();
    for (const peer of [one, other]) {
      expect(peer.take()).toMatchObject([{ type: messageType.error, code: 300 }]);
      expect(peer.closedBecause).toBe('The token was revoked.');
    }
    expect(two.closedBecause).toBeUndefined();
  });

  it('[AC9] [HC24] ends the sessions and the bundles of tokens that stand on what is revoked, however many came since', async () => {
    const { fixture, desk } = guarded();
    desk.give('first', 'admin:/**', { standsOn: ['cap:root', 'id-of-proof'] });
    desk.give('other', 'admin:/**', { standsOn: ['cap:root'] });
    const [first, other] = [await enter(fixture, 'first'), await enter(fixture, 'other')];
    const timestamp = BigInt(fixture.clock.nowMicros() + 100_000);
    first.send({ type: messageType.bundle, timestamp, messages: [set('/late', 1)] });
    for (let i = 0; i < 50; i++) {
      desk.give(`child ${i}`, 'read:/**', { standsOn: ['id-of-proof'] });
      (await enter(fixture, `child ${i}`)).connection.close('gone');
    }
    expect(fixture.router.stats().scheduled).toBe(1);
    desk.revoke('proof');
    await fixture.settle();
    expect([first.closedBecause, other.closedBecause]).toEqual(['The token was revoked.', undefined]);
    expect(fixture.router.stats().scheduled).toBe(0);
  });

  it('[AC10] sends away who is without a token when they begin to be asked for, and lets anyone in again after', async () => {
    const { fixture, desk } = guarded();
    desk.give('good', 'admin:/**');
    desk.give('stolen', 'admin:/**');
    const known = [await enter(fixture, 'good'), await enter(fixture, 'stolen')];
    fixture.router.guard.askForTokens(undefined);
    expect(desk.listeners).toBe(0);
    // Nobody hears of it.
    desk.revoke('stolen');
    const open = await enter(fixture, undefined);
    for (const peer of [...known, open]) peer.take();
    fixture.router.guard.askForTokens(desk);
    await fixture.settle();
    expect(open.take()).toMatchObject([{ code: 300 }]);
    for (const peer of known) expect(peer.take()).toEqual([]);
    const reasons = [...known, open].map(({ closedBecause }) => closedBecause);
    expect(new Set(reasons)).toEqual(new Set(['From now on this router asks for a token.']));
    expect((await enter(fixture, 'good')).take()).toMatchObject([{ type: messageType.welcome }, {}]);
    expect((await enter(fixture, 'stolen')).take()).toMatchObject([{ code: 300 }]);
    fixture.router.close('end');
    expect(desk.listeners).toBe(0);
  });

  it('[AC13] does not look at tokens of a source where too many were wrong', async () => {
    const { fixture, desk } = guarded();
    desk.give('good', 'admin:/**');
    for (let i = 0; i < failedHellos.burst; i++) await enter(fixture, `guess ${i}`);
    const { asked } = desk;
    expect((await enter(fixture, 'good')).take()).toMatchObject([{ code: 429 }]);
    expect(desk.asked).toBe(asked);
    const [near, far] = MemoryConnection.pair('elsewhere');
    const other = new Peer(near);
    fixture.router.accept(far, undefined);
    fixture.clock.advance(1001);
    other.send({ ...hello, token: 'good' });
    await fixture.settle();
    expect(other.take()).toMatchObject([{ type: messageType.welcome }, {}]);
  });
});

describe('wires that carry what others send in their name', () => {
  it('[HC23] lock nobody out who comes by a wire that cannot', async () => {
    const { fixture, desk } = guarded();
    desk.give('good', 'admin:/**');
    const come = async (token: string, isProven: boolean): Promise<Peer> => {
      const [near, far] = MemoryConnection.pair('10.0.0.5:7');
      Object.defineProperty(far, 'reliable', { value: isProven });
      const peer = new Peer(near);
      fixture.router.accept(far);
      peer.send({ ...hello, token });
      await fixture.settle();
      return peer;
    };
    for (let i = 0; i < failedHellos.burst + 5; i++) await come('bad', false);
    expect((await come('good', false)).take()).toMatchObject([{ code: 429 }]);
    expect((await come('good', true)).take()).toMatchObject([{ type: messageType.welcome }, {}]);
  });
});

describe('clients that come back', () => {
  const comeBack = async (fixture: RouterFixture, token: string): Promise<unknown> => {
    const peer = await fixture.joinWithIds({ token });
    peer.ask(7, publish('event', '/once'), 'confirm');
    await fixture.settle();
    peer.take();
    peer.connection.close('lost');
    await fixture.settle();
    return undefined;
  };

  it('[AC14] are known by their secret and what they may do together', async () => {
    const { fixture, desk } = guarded();
    desk.give('mine', 'admin:/**');
    desk.give('theirs', 'write:/**');
    await comeBack(fixture, 'mine');
    await comeBack(fixture, 'mine');
    expect(fixture.router.stats()).toMatchObject({ repeatedTotal: 1, messagesTotal: 1 });
    await comeBack(fixture, 'theirs');
    expect(fixture.router.stats()).toMatchObject({ repeatedTotal: 1, messagesTotal: 2 });
  });

  it('[AC14] also with another token of the same rights', async () => {
    const { fixture, desk } = guarded();
    desk.give('mine', 'admin:/**');
    desk.give('renewed', 'admin:/**');
    await comeBack(fixture, 'mine');
    await comeBack(fixture, 'renewed');
    expect(fixture.router.stats()).toMatchObject({ repeatedTotal: 1, messagesTotal: 1 });
  });
});

describe('rights that end before what was begun with them', () => {
  const later = (fixture: RouterFixture, afterMs: number, address: string): Message => ({
    type: messageType.bundle,
    timestamp: BigInt(fixture.clock.nowMicros() + afterMs * 1000),
    messages: [set(address, 1)],
  });
  const pass = async (fixture: RouterFixture, ms: number): Promise<void> => {
    fixture.clock.advance(ms);
    await fixture.settle();
  };

  it('[HC24] a bundle that waits is not done when its token was revoked, also after its session', async () => {
    const { fixture, desk } = guarded();
    desk.give('stolen', 'admin:/**');
    desk.give('good', 'admin:/**');
    const [gone, here, other] = [
      await enter(fixture, 'stolen'),
      await enter(fixture, 'stolen'),
      await enter(fixture, 'good'),
    ];
    gone.send(later(fixture, 100, '/gone'));
    here.send(later(fixture, 100, '/here'));
    other.send(later(fixture, 100, '/other'));
    await fixture.settle();
    gone.connection.close('gone');
    await fixture.settle();
    desk.revoke('stolen');
    expect(fixture.router.stats().scheduled).toBe(1);
    await pass(fixture, 200);
    expect(['/gone', '/here', '/other'].map((each) => fixture.router.params.get(each) !== undefined)).toEqual([
      false,
      false,
      true,
    ]);
  });

  it('[HC24] nor when its token has expired by then, and was not renewed', async () => {
    const { fixture, desk } = guarded();
    desk.give('short', 'admin:/**', { expiresAt: micros(fixture.clock.nowMicros() + 50_000) });
    desk.give('long', 'admin:/**');
    const [expires, renewed] = [await enter(fixture, 'short'), await enter(fixture, 'short')];
    expires.send(later(fixture, 100, '/expires'));
    renewed.send(later(fixture, 100, '/renewed'), { ...hello, token: 'long' });
    await fixture.settle();
    await pass(fixture, 200);
    expect(fixture.router.params.get('/expires')).toBeUndefined();
    expect(fixture.router.params.get('/renewed')).toBeDefined();
    expect(fixture.router.stats().refusedTotal).toMatchObject({ 302: 2 });
  });

  it('[HC24] nor what a narrower token of the same session does not allow', async () => {
    const { fixture, desk } = guarded();
    desk.give('wide', 'admin:/**');
    desk.give('narrow', 'write:/a/**');
    const peer = await enter(fixture, 'wide');
    peer.send(later(fixture, 100, '/a/x'), later(fixture, 100, '/b'), { ...hello, token: 'narrow' });
    await fixture.settle();
    await pass(fixture, 200);
    expect(fixture.router.params.get('/a/x')).toBeDefined();
    expect(fixture.router.params.get('/b')).toBeUndefined();
  });

  it('[HC24] nor of those who were here before anyone was asked', async () => {
    const fixture = new RouterFixture();
    const peer = await fixture.join();
    peer.send(later(fixture, 100, '/a'));
    await fixture.settle();
    fixture.router.guard.askForTokens(new TokenDesk());
    await pass(fixture, 200);
    expect(fixture.router.params.get('/a')).toBeUndefined();
  });

  it('[HC25] who comes back with fewer rights inherits nothing of a session that had more', async () => {
    const { fixture, desk } = guarded();
    desk.give('narrow', 'read:/a/**');
    desk.give('wide', 'admin:/**');
    const count = (holder: string): Message => ({
      type: messageType.ack,
      address: arrivalsAddress,
      revision: 0n,
      holder,
    });
    const peer = await fixture.joinWithIds({ token: 'narrow' });
    peer.ask(2, { ...hello, resume: 'secret', token: 'wide' });
    peer.send(count(''), subscribe('/**'));
    await fixture.settle();
    const [holder = ''] = peer.takeOnly(messageType.ack).flatMap((ack) => ack.holder ?? []);
    expect(holder).not.toBe('');
    peer.connection.close('lost');
    await fixture.settle();
    const back = await fixture.joinWithIds({ token: 'narrow' });
    back.send(count(holder));
    fixture.router
      .openLocal('hand')
      .publish([{ kind: 'event', address: parseAddress('/secret'), value: { type: 'null' } }]);
    await fixture.settle();
    expect(back.takeOnly(messageType.publish)).toEqual([]);
  });
});

describe('ways in', () => {
  const through = async (fixture: RouterFixture, scopes: string, token?: string): Promise<Peer> => {
    const [near, far] = MemoryConnection.pair('peer');
    const peer = new Peer(near);
    fixture.router.accept(far, parseScopes(scopes));
    peer.send({ ...hello, ...(token !== undefined && { token }) });
    await fixture.settle();
    peer.take();
    return peer;
  };

  it('[AC15] a way in bounds everyone, with a token and without', async () => {
    const { fixture, desk } = guarded();
    desk.give('good', 'admin:/**');
    for (const token of [undefined, 'good']) {
      fixture.router.guard.askForTokens(token === undefined ? undefined : desk);
      const peer = await through(fixture, 'read:/**', token);
      peer.send(set('/a', 1), subscribe('/**'));
      await fixture.settle();
      expect(peer.take()).toMatchObject([{ type: messageType.error, code: 301, address: '/a' }]);
      expect([...fixture.router.sessions()].at(-1)?.subscriptions).toBeDefined();
    }
  });
});
