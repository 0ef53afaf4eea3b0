import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { Cancel } from '../../contract/message-link.ts';
import type { SessionInfo, SessionWay } from '../../contract/remote-access.ts';
import type { Role } from '../../contract/role.ts';
import { microsToMillis, millis, type Millis } from '../../contract/units.ts';
import type { Clock } from '../../ports/clock.ts';

/** Browsers of one role that may be in at once; the one that came in longest ago is let go. */
export const uiSessionsMax = 32;
/** A session without an open page ends after this. */
export const sessionIdleMax = millis(12 * 3_600_000);
/** Every session ends after this. */
export const sessionAgeMax = millis(30 * 86_400_000);

/** What lets somebody in. */
export interface SessionGrant {
  readonly role: Role;
  readonly way: SessionWay;
  readonly name: string;
  readonly peer: string;
  /** what it was let in by, so that it ends with it */
  readonly credential: string;
}

export interface UiSession extends SessionGrant {
  readonly id: string;
}

/** Who is in. Tokens are 256 random bits made here; they are looked up by their hash, so that no comparison tells how near
 *  a guess was. Nothing of it outlives the engine. */
export interface UiSessions {
  /** @returns the token, told this once */
  open(grant: SessionGrant): string;
  find(token: string | undefined): UiSession | undefined;
  /** A page of it is open. @param close what ends the page with the session @returns to call when the page has gone */
  hold(session: UiSession, close: () => void): Cancel;
  end(id: string): void;
  /** Ends those that the credential let in. */
  endOf(isGone: (credential: string) => boolean): void;
  list(): readonly SessionInfo[];
  close(): void;
}

interface Kept extends UiSession {
  readonly hash: string;
  readonly since: Millis;
  readonly pages: Set<() => void>;
  readonly cancel: Cancel;
  lastSeen: Millis;
}

export function createUiSessions(clock: Clock, onChange: () => void = () => undefined): UiSessions {
  const sessions = new Map<string, Kept>();
  const now = (): Millis => microsToMillis(clock.nowMicros());
  return {
    open: (grant) => {
      const token = randomBytes(32).toString('base64url');
      const hash = hashOf(token);
      const kept: Kept = {
        ...grant,
        id: randomUUID(),
        hash,
        since: now(),
        lastSeen: now(),
        pages: new Set(),
        cancel: clock.after(sessionAgeMax, () => {
          drop(kept);
        }),
      };
      sessions.set(hash, kept);
      const alike = [...sessions.values()].filter(({ role }) => role === grant.role);
      if (alike.length > uiSessionsMax && alike[0]) drop(alike[0]);
      else onChange();
      return token;
    },
    find: (token) => {
      const kept = token === undefined ? undefined : sessions.get(hashOf(token));
      if (kept === undefined) return undefined;
      if (isIdle(kept)) {
        drop(kept);
        return undefined;
      }
      kept.lastSeen = now();
      return kept;
    },
    hold: ({ id }, close) => {
      const kept = byId(id);
      if (!kept) {
        close();
        return () => undefined;
      }
      kept.pages.add(close);
      onChange();
      return () => {
        if (!kept.pages.delete(close)) return;
        kept.lastSeen = now();
        onChange();
      };
    },
    end: (id) => {
      const kept = byId(id);
      if (kept) drop(kept);
    },
    endOf: (isGone) => {
      for (const kept of [...sessions.values()]) if (isGone(kept.credential)) drop(kept);
    },
    list: () => {
      for (const kept of [...sessions.values()]) if (isIdle(kept)) drop(kept);
      return [...sessions.values()].map(({ id, role, way, name, peer, since, lastSeen, pages }) => {
        return { id, role, way, name, peer, since, lastSeen: pages.size > 0 ? now() : lastSeen, pages: pages.size };
      });
    },
    close: () => {
      for (const { cancel } of sessions.values()) cancel();
      sessions.clear();
    },
  };

  function byId(id: string): Kept | undefined {
    return [...sessions.values()].find((each) => each.id === id);
  }

  function isIdle({ pages, lastSeen }: Kept): boolean {
    return pages.size === 0 && now() - lastSeen >= sessionIdleMax;
  }

  function drop(kept: Kept): void {
    if (!sessions.delete(kept.hash)) return;
    kept.cancel();
    const pages = [...kept.pages];
    kept.pages.clear();
    for (const close of pages) close();
    onChange();
  }
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
