import { describe, expect, it } from 'vitest';
import type { SessionEvent } from '../../../../src-main/core/router/sessions/session-events.ts';
import { hello, RouterFixture, set } from '../router-fixture.ts';
import { TokenDesk } from '../token-desk.ts';

describe('what an audit log hears', () => {
  it('[AC18] tells who comes, is refused, renews, and goes; never the token', async () => {
    const fixture = new RouterFixture();
    const desk = new TokenDesk();
    desk.give('secret-one', 'read:/**');
    fixture.router.guard.askForTokens(desk);
    const heard: SessionEvent[] = [];
    const cancel = fixture.router.guard.watchSessions((event) => heard.push(event));
    const peer = fixture.connect();
    peer.send({ ...hello, token: 'secret-one' }, set('/a', 1), set('bad address', 1), {
      ...hello,
      token: 'secret-one',
    });
    await fixture.settle();
    peer.connection.close('tired');
    await fixture.settle();
    const grant = { id: 'id-of-secret-one', name: 'secret-one' };
    const who = { session: '00000000-0000-4000-8000-000000000000', name: 'tester', peer: 'peer right', grant };
    expect(heard).toMatchObject([
      { ...who, what: 'opened' },
      { ...who, what: 'refused', code: 301, reason: '/a: This needs write:/a; the token allows read:/**.' },
      { ...who, what: 'renewed' },
      { ...who, what: 'closed', reason: 'tired' },
    ]);
    cancel();
    await fixture.join();
    expect(heard).toHaveLength(4);
  });

  it('[AC18] tells of who is turned away', async () => {
    const fixture = new RouterFixture();
    fixture.router.guard.askForTokens(new TokenDesk());
    const heard: SessionEvent[] = [];
    fixture.router.guard.watchSessions((event) => heard.push(event));
    const peer = fixture.connect();
    peer.send({ ...hello, token: 'wrong' });
    await fixture.settle();
    expect(heard[0]).toMatchObject({ what: 'refused', code: 300, grant: undefined, peer: 'peer right' });
    expect(JSON.stringify(heard)).not.toContain('wrong');
  });
});
