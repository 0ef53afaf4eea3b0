import { createHmac, randomBytes } from 'node:crypto';
import { basename } from 'node:path';
import { messageOf, UnavailableError } from '../contract/errors.ts';
import { formatScope } from '../contract/scope.ts';
import { millis } from '../contract/units.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Grant } from '../ports/token-verifier.ts';
import { hashOfToken } from './cpsk.ts';
import { parseTokenFile, type TokenLine } from './parse-token-file.ts';
import { warnIfReadable } from './warn-if-readable.ts';
import { watchFile, type WatchedFileOptions } from './watched-file.ts';

export interface FileTokensOptions {
  /** written by hand: `token scope,scope` */
  readonly path: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly onRevoked: (id: string) => void;
  readonly notices?: WatchedFileOptions['notices'];
}

/** What a `--token-file` says now. */
export interface FileTokens {
  find(token: string): Grant | undefined;
  close(): void;
}

const bytesMax = 4 * 1024 * 1024;
/** Editors write in place. */
const settle = millis(150);

/** Follows a token file while Flyrail runs. Tokens that are gone from it, or whose scopes changed, count as revoked. A changed
 *  file that cannot be read or has a fault changes nothing, and it is logged as an error.
 *  @throws InputError 'bad-token-file' | UnavailableError 'cannot-read-file' when it has a fault from the start */
export async function followTokenFile({
  path,
  clock,
  log,
  onRevoked,
  notices,
}: FileTokensOptions): Promise<FileTokens> {
  const idOf = secretIds();
  let grants: ReadonlyMap<string, Grant> = new Map();
  let isFirst = true;
  const refused: unknown[] = [];
  const refuse = (error: unknown): void => {
    if (isFirst) refused.push(error);
    else log.error('token file has a fault, its old tokens still hold', { path, reason: messageOf(error) });
  };
  const stop = await watchFile({
    path,
    bytesMax,
    settle,
    clock,
    ...(notices && { notices }),
    onFault: refuse,
    onContent: (bytes) => {
      try {
        const before = grants;
        grants = grantsOf(parseTokenFile(present(bytes, path).toString('utf8'), path), path, idOf);
        if (!isFirst) log.info('token file was read again', { path, tokens: grants.size });
        for (const id of endedBetween(before, grants)) onRevoked(id);
        warnIfReadable(path, log);
      } catch (error) {
        refuse(error);
      }
    },
  });
  isFirst = false;
  if (refused.length > 0) {
    stop();
    throw refused[0];
  }
  return { find: (token) => grants.get(hashOfToken(token)), close: stop };
}

function present(bytes: Buffer | undefined, path: string): Buffer {
  if (bytes) return bytes;
  throw new UnavailableError('cannot-read-file', `Cannot read ${path}: it is not there.`, { path });
}

function grantsOf(
  lines: readonly TokenLine[],
  path: string,
  idOf: (hash: string) => string,
): ReadonlyMap<string, Grant> {
  return new Map(
    lines.map(({ line, hash, scopes }) => [
      hash,
      { id: idOf(hash), name: `${basename(path)} line ${line}`, scopes, constraints: [], expiresAt: undefined },
    ]),
  );
}

function endedBetween(before: ReadonlyMap<string, Grant>, after: ReadonlyMap<string, Grant>): readonly string[] {
  const ended = [...before].filter(([hash, grant]) => scopesOf(grant) !== scopesOf(after.get(hash)));
  return ended.map(([, { id }]) => id);
}

function scopesOf(grant: Grant | undefined): string | undefined {
  return grant?.scopes.map(formatScope).join();
}

/** Tokens there are written by hand and may be short: their ids, which logs tell, are keyed by what only this process knows, so
 *  that nobody tries tokens against them. */
function secretIds(): (hash: string) => string {
  const key = randomBytes(32);
  return (hash) => `file:${createHmac('sha256', key).update(hash).digest('hex').slice(0, 12)}`;
}
