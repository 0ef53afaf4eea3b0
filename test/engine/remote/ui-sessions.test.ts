import { describe, expect, it } from 'vitest';
import {
  createUiSessions,
  sessionAgeMax,
  sessionIdleMax,
  uiSessionsMax,
  type SessionGrant,
} from '../../../src-main/engine/remote/ui-sessions.ts';
import { SimulatedClock } from '../../simulated-clock.ts';

const grant: SessionGrant = { role: 'view', way: 'pin', name: '', peer: '10.0.0.9', credential: 'pin view 1' };

function scene() {
  const clock = new SimulatedClock();
  let changes = 0;
  const sessions = createUiSessions(clock, () => changes++);
  return { clock, sessions, changes: () => changes };
}

describe('sessions of browsers', () => {
  it('[RS1] knows no session but those it gave out', () => {
    const { sessions } = scene();
    const token = sessions.open(grant);
    expect(sessions.find(token)).toMatchObject({ role: 'view', peer: '10.0.0.9' });
    for (const other of [undefined, '', token.slice(1), `${token}x`, 'x'.repeat(43)])
      expect(sessions.find(other)).toBeUndefined();
  });

  it('[RS3] lets the oldest browser of a role go when there are too many, and none of another role', () => {
    const { sessions } = scene();
    const editor = sessions.open({ ...grant, role: 'edit' });
    const tokens = Array.from({ length: uiSessionsMax + 1 }, () => sessions.open(grant));
    expect(sessions.find(tokens[0])).toBeUndefined();
    expect(tokens.slice(1).every((token) => sessions.find(token))).toBe(true);
    expect(sessions.find(editor)).toBeDefined();
  });

  it('[RS16] ends a session that nobody looked at for 12 hours, and any after 30 days, with its pages', () => {
    const { clock, sessions } = scene();
    const [idle, open] = [sessions.open(grant), sessions.open({ ...grant, role: 'control' })];
    let closed = 0;
    const session = sessions.find(open);
    if (!session) throw new Error('no session');
    sessions.hold(session, () => closed++);
    clock.advance(sessionIdleMax - 1);
    expect(sessions.find(idle)).toBeDefined();
    clock.advance(sessionIdleMax);
    expect(sessions.find(idle)).toBeUndefined();
    expect(sessions.list()).toHaveLength(1);
    clock.advance(sessionAgeMax);
    expect([sessions.find(open), closed]).toEqual([undefined, 1]);
    expect(clock.waiting).toBe(0);
  });

  it('[RS16] ends one session or all that a credential let in, closes their pages at once, and says so', () => {
    const { sessions, changes } = scene();
    const closed: string[] = [];
    for (const [name, credential] of [
      ['a', 'pin view 1'],
      ['b', 'pin view 1'],
      ['c', 'device x'],
    ] as const) {
      const session = sessions.find(sessions.open({ ...grant, name, credential }));
      if (session) sessions.hold(session, () => closed.push(name));
    }
    const [first] = sessions.list();
    sessions.end(first?.id ?? '');
    expect(closed).toEqual(['a']);
    const before = changes();
    sessions.endOf((credential) => credential === 'pin view 1');
    expect(closed).toEqual(['a', 'b']);
    expect(changes()).toBe(before + 1);
    expect(sessions.list().map(({ name, pages }) => [name, pages])).toEqual([['c', 1]]);
  });

  it('[RS16] closes a page that comes to a session which has just ended', () => {
    const { sessions } = scene();
    const session = sessions.find(sessions.open(grant));
    if (!session) throw new Error('no session');
    sessions.end(session.id);
    let closed = 0;
    sessions.hold(session, () => closed++);
    expect(closed).toBe(1);
  });
});
