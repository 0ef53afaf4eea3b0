import { tokenNameMax, type NewToken, type TokenEntry } from '../../src-main/contract/access-rules.ts';
import { messageOf } from '../../src-main/contract/errors.ts';
import { formatScope, parseScopes } from '../../src-main/contract/scope.ts';
import type { Millis } from '../../src-main/contract/units.ts';
import { isolated } from '../widgets/isolate.ts';

/** everything, reading alone, or what a list of scopes says */
export type TokenRights = 'everything' | 'read' | 'own';
export type TokenEnd = 'never' | '12h' | '7d' | '90d' | 'own';

/** The form of a new token as it is typed. */
export interface TokenDraft {
  readonly name: string;
  readonly rights: TokenRights;
  /** for the rights `own`: with commas between */
  readonly scopes: string;
  readonly end: TokenEnd;
  /** for the end `own`: `2026-12-24` or `2026-12-24 18:00`, local time */
  readonly date: string;
}

export interface TokenCheck {
  /** absent while a field wants a repair */
  readonly token?: NewToken;
  readonly problems: Readonly<Partial<Record<'name' | 'scopes' | 'date', string>>>;
}

export type TokenState = 'good' | 'ended' | 'revoked';

export const everythingScope = 'admin:/**';
export const readAloneScope = 'read:/**';
export const newTokenDraft: TokenDraft = { name: '', rights: 'everything', scopes: '', end: 'never', date: '' };

const hourMs = 3_600_000;
const spans: Readonly<Record<Exclude<TokenEnd, 'never' | 'own'>, number>> = {
  '12h': 12 * hourMs,
  '7d': 7 * 24 * hourMs,
  '90d': 90 * 24 * hourMs,
};

/** What the form comes to, or what to repair in which field. */
export function checkTokenDraft(draft: TokenDraft, now: Millis): TokenCheck {
  const name = draft.name.trim();
  const scopes = readScopes(draft);
  const expiresAt = readEnd(draft, now);
  const problems = {
    ...(name.length > tokenNameMax && { name: `Shorten it to ${tokenNameMax} letters.` }),
    ...(typeof scopes === 'string' && { scopes }),
    ...(typeof expiresAt === 'string' && { date: expiresAt }),
  };
  if (typeof scopes === 'string' || typeof expiresAt === 'string' || problems.name !== undefined) return { problems };
  return { problems, token: { name, scopes: [...scopes], expiresAt } };
}

export function tokenState({ revokedAt, expiresAt }: TokenEntry, now: Millis): TokenState {
  if (revokedAt !== null) return 'revoked';
  return expiresAt !== null && expiresAt <= now ? 'ended' : 'good';
}

/** As a sentence calls it. */
export function tokenName({ name, id }: Pick<TokenEntry, 'name' | 'id'>): string {
  return name === '' ? id : isolated(name);
}

/** @returns the scopes, or the repair */
function readScopes({ rights, scopes }: TokenDraft): readonly string[] | string {
  if (rights === 'everything') return [everythingScope];
  if (rights === 'read') return [readAloneScope];
  try {
    return parseScopes(scopes).map(formatScope);
  } catch (error) {
    return messageOf(error);
  }
}

/** @returns milliseconds since the Unix epoch, null for never, or the repair */
function readEnd({ end, date }: TokenDraft, now: Millis): number | null | string {
  if (end === 'never') return null;
  if (end !== 'own') return Math.floor(now) + spans[end];
  const at = tryLocalTime(date.trim());
  if (at === undefined) return 'Type a day, and a time if you want: 2026-12-24 18:00.';
  return at > now ? at : 'That has passed. Type a later one.';
}

/** A day alone means until it is over. */
function tryLocalTime(text: string): number | undefined {
  const found = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T](\d{1,2}):(\d{2}))?$/.exec(text);
  if (!found) return undefined;
  const [year = 0, month = 0, day = 0] = found.slice(1, 4).map(Number);
  const hasTime = found[4] !== undefined;
  const [hours, minutes] = hasTime ? [Number(found[4]), Number(found[5])] : [0, 0];
  const date = new Date(year, month - 1, day, hours, minutes);
  const isThatDay = date.getMonth() === month - 1 && date.getDate() === day;
  if (!isThatDay || hours > 23 || minutes > 59) return undefined;
  return hasTime ? date.getTime() : new Date(year, month - 1, day + 1).getTime();
}
