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
  return new SessionTable(clock, onChange);
}

class SessionTable implements UiSessions {
  readonly #clock: Clock;
  readonly #onChange: () => void;
  /** by the hash of their token */
  readonly #sessions = new Map<string, Kept>();

  constructor(clock: Clock, onChange: () => void) {
    this.#clock = clock;
    this.#onChange = onChange;
  }

  open(grant: SessionGrant): string {
    const token = randomBytes(32).toString('base64url');
    const [hash, since] = [hashOf(token), this.#now()];
    const cancel = this.#clock.after(sessionAgeMax, () => {
      this.#drop(kept);
    });
    const kept: Kept = { ...grant, id: randomUUID(), hash, since, lastSeen: since, pages: new Set(), cancel };
    this.#sessions.set(hash, kept);
    const alike = [...this.#sessions.values()].filter(({ role }) => role === grant.role);
    if (alike.length > uiSessionsMax && alike[0]) this.#drop(alike[0]);
    else this.#onChange();
    return token;
  }

  find(token: string | undefined): UiSession | undefined {
    const kept = token === undefined ? undefined : this.#sessions.get(hashOf(token));
    if (kept === undefined) return undefined;
    if (this.#isIdle(kept)) {
      this.#drop(kept);
      return undefined;
    }
    kept.lastSeen = this.#now();
    return kept;
  }

  hold({ id }: UiSession, close: () => void): Cancel {
    const kept = this.#byId(id);
    if (!kept) {
      close();
      return () => undefined;
    }
    kept.pages.add(close);
    this.#onChange();
    return () => {
      if (!kept.pages.delete(close)) return;
      kept.lastSeen = this.#now();
      this.#onChange();
    };
  }

  end(id: string): void {
    const kept = this.#byId(id);
    if (kept) this.#drop(kept);
  }

  endOf(isGone: (credential: string) => boolean): void {
    for (const kept of [...this.#sessions.values()]) if (isGone(kept.credential)) this.#drop(kept);
  }

  list(): readonly SessionInfo[] {
    // Not by dropping it, which tells a change, which asks for this list.
    for (const kept of [...this.#sessions.values()].filter((each) => this.#isIdle(each))) {
      kept.cancel();
      this.#sessions.delete(kept.hash);
    }
    return [...this.#sessions.values()].map(({ id, role, way, name, peer, since, lastSeen, pages }) => {
      const seen = pages.size > 0 ? this.#now() : lastSeen;
      return { id, role, way, name, peer, since, lastSeen: seen, pages: pages.size };
    });
  }

  close(): void {
    for (const { cancel } of this.#sessions.values()) cancel();
    this.#sessions.clear();
  }

  #now(): Millis {
    return microsToMillis(this.#clock.nowMicros());
  }

  #byId(id: string): Kept | undefined {
    return [...this.#sessions.values()].find((each) => each.id === id);
  }

  #isIdle({ pages, lastSeen }: Kept): boolean {
    return pages.size === 0 && this.#now() - lastSeen >= sessionIdleMax;
  }

  #drop(kept: Kept): void {
    if (!this.#sessions.delete(kept.hash)) return;
    kept.cancel();
    const pages = [...kept.pages];
    kept.pages.clear();
    for (const close of pages) close();
    this.#onChange();
  }
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
