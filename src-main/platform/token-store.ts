import { dirname } from 'node:path';
import { LimitError, UnavailableError } from '../contract/errors.ts';
import type { Scope } from '../contract/scope.ts';
import type { Constraint } from '../ports/token-verifier.ts';
import { hashOfToken, makeCpsk, randomLetters } from './cpsk.ts';
import { takeFileTurn } from './file-turn.ts';
import { makeFolder } from './make-folder.ts';
import { tryReadWholeFile } from './read-file.ts';
import { replaceFile } from './replace-file.ts';
import {
  foreignIdPattern,
  formatTokenRecords,
  noRecords,
  parseTokenRecords,
  recordsMax,
  tokensFileBytesMax,
  type TokenRecord,
  type TokenRecords,
} from './token-records.ts';
import { cannotWrite } from './writing.ts';

/** Tokens that ended so long ago make room for new ones. */
const keepEndedMs = 90 * 86_400_000;

export interface NewToken {
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly constraints: readonly Constraint[];
  /** milliseconds since the Unix epoch; null: it does not end by itself */
  readonly expiresAt: number | null;
}

/** Reads the store; none is an empty one.
 *  @throws InputError 'bad-token-file' | UnavailableError 'cannot-read-file' */
export async function readTokenStore(path: string): Promise<TokenRecords> {
  const bytes = await tryReadWholeFile(path, tokensFileBytesMax);
  return bytes ? parseTokenRecords(bytes.toString('utf8'), path) : noRecords;
}

/** Makes a CPSK. Only here is the token itself to be had.
 *  @param now milliseconds since the Unix epoch
 *  @throws LimitError 'too-many-items' at `recordsMax`, and as `changeTokenStore` */
export async function createToken(
  path: string,
  { name, scopes, constraints, expiresAt }: NewToken,
  now: number,
): Promise<{ readonly token: string; readonly record: TokenRecord }> {
  const token = makeCpsk();
  const record: TokenRecord = {
    id: `tk_${randomLetters(12)}`,
    name,
    kind: 'cpsk',
    hash: hashOfToken(token),
    scopes,
    constraints,
    createdAt: now,
    expiresAt,
    revokedAt: null,
  };
  await changeTokenStore(path, (records) => {
    const standing = records.tokens.filter((each) => endOf(each) > now - keepEndedMs);
    if (standing.length >= recordsMax) throw tooMany();
    return { ...records, tokens: [...standing, record] };
  });
  return { token, record };
}

/** Ends tokens for good: of the store by their ids or names, and those that others made by `jwt:…` or `cap:…`.
 *  @param isMeant of the store
 *  @returns ids of what is revoked now, also when it was before; none: the store has no such token
 *  @throws as `changeTokenStore` */
export async function revokeTokens(path: string, isMeant: (record: TokenRecord) => boolean, now: number) {
  let ids: readonly string[] = [];
  await changeTokenStore(path, (records) => {
    const meant = new Set(records.tokens.filter(isMeant));
    ids = [...meant].map(({ id }) => id);
    if ([...meant].every(({ revokedAt }) => revokedAt !== null)) return records;
    const tokens = records.tokens.map((each) =>
      meant.has(each) ? { ...each, revokedAt: each.revokedAt ?? now } : each,
    );
    return { ...records, tokens };
  });
  return ids;
}

/** Ends a token that others made; it need not be known.
 *  @param id `jwt:` and the `jti`, or `cap:…` as logs tell it
 *  @throws LimitError 'too-many-items' at `recordsMax`, and as `changeTokenStore` */
export async function revokeForeign(path: string, id: string, now: number): Promise<void> {
  await changeTokenStore(path, (records) => {
    if (records.revocations.some((each) => each.id === id)) return records;
    if (records.revocations.length >= recordsMax) throw tooMany();
    return { ...records, revocations: [...records.revocations, { id, revokedAt: now }] };
  });
}

export function isForeignId(id: string): boolean {
  return foreignIdPattern.test(id);
}

/** Reads, changes and replaces the store while nobody else does: commands may run at once, and beside `flyrail serve`, which
 *  holds the data folder's own lock and only reads this file.
 *  @param change gives the same records back where there is nothing to write; what it throws leaves the file as it is
 *  @throws InputError 'bad-token-file' | UnavailableError 'cannot-read-file' | 'cannot-write-file' */
async function changeTokenStore(path: string, change: (records: TokenRecords) => TokenRecords): Promise<void> {
  try {
    makeFolder(dirname(path));
  } catch (cause) {
    throw cannotWrite(`Cannot make the folder ${dirname(path)}`, cause, { path });
  }
  const unlock = await takeFileTurn(`${path}.lock`);
  try {
    const before = await readTokenStore(path);
    const after = change(before);
    if (after !== before) await replaceStore(path, formatTokenRecords(after));
  } finally {
    unlock();
  }
}

/** A Flyrail that starts just now may sweep away what is half written; the second time it has swept. */
async function replaceStore(path: string, text: string): Promise<void> {
  try {
    await replaceFile(path, text, { isSecret: true });
  } catch (error) {
    if (!(error instanceof UnavailableError && isMissing(error.cause))) throw error;
    await replaceFile(path, text, { isSecret: true });
  }
}

function endOf({ expiresAt, revokedAt }: TokenRecord): number {
  return Math.min(expiresAt ?? Infinity, revokedAt ?? Infinity);
}

function isMissing(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
}

function tooMany(): LimitError {
  return new LimitError('too-many-items', `At most ${recordsMax} of them are kept.`);
}
