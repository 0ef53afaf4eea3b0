import { messageOf } from '../contract/errors.ts';
import type { Cancel } from '../contract/message-link.ts';
import { millis, millisToMicros } from '../contract/units.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Grant, TokenFault } from '../ports/token-verifier.ts';
import { hashOfToken } from './cpsk.ts';
import {
  noRecords,
  parseTokenRecords,
  tokensFileBytesMax,
  type TokenRecord,
  type TokenRecords,
} from './token-records.ts';
import { watchFile, type WatchedFileOptions } from './watched-file.ts';

export interface KnownTokensOptions {
  /** `tokens.json` */
  readonly path: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly onRevoked: (id: string) => void;
  readonly notices?: WatchedFileOptions['notices'];
}

/** What `tokens.json` says now. */
export interface KnownTokens {
  verify(token: string): Grant | TokenFault;
  /** Whether a token that others made opens nothing any longer: all of them while the store cannot be read. */
  refuses(id: string): TokenFault | undefined;
  close(): void;
}

/** Follows the token store while Flyrail runs: tokens that are made open at once, those that are revoked or gone from it do
 *  not any more. While it is damaged none opens anything, and it is logged; who is in stays in. */
export async function followTokenStore({
  path,
  clock,
  log,
  onRevoked,
  notices,
}: KnownTokensOptions): Promise<KnownTokens> {
  /** undefined: it cannot be read */
  let byHash: ReadonlyMap<string, TokenRecord> | undefined;
  let revoked: ReadonlySet<string> = new Set();
  let last: TokenRecords | undefined;
  const take = (records: TokenRecords): void => {
    const ended = last ? endedBetween(last, records) : [];
    last = records;
    byHash = new Map(records.tokens.map((each) => [each.hash, each]));
    revoked = new Set(records.revocations.map(({ id }) => id));
    for (const id of ended) onRevoked(id);
  };
  const refuseAll = (error: unknown): void => {
    byHash = undefined;
    log.error('token store cannot be read, none of its tokens opens anything', { path, reason: messageOf(error) });
  };
  const stop: Cancel = await watchFile({
    path,
    bytesMax: tokensFileBytesMax,
    // It is only ever replaced whole.
    settle: millis(0),
    clock,
    ...(notices && { notices }),
    onFault: refuseAll,
    onContent: (bytes) => {
      let records = noRecords;
      try {
        if (bytes) records = parseTokenRecords(bytes.toString('utf8'), path);
      } catch (error) {
        refuseAll(error);
        return;
      }
      take(records);
    },
  });
  return {
    verify(token) {
      if (!byHash) return unreadable;
      const record = byHash.get(hashOfToken(token));
      if (!record) return { because: 'unknown', message: 'This router does not know the token.' };
      return grantOf(record, clock);
    },
    refuses(id) {
      if (!byHash) return unreadable;
      return revoked.has(id) ? { because: 'revoked', message: 'The token was revoked.' } : undefined;
    },
    close: stop,
  };
}

const unreadable: TokenFault = {
  because: 'unknown',
  message: "The router cannot read its tokens at present: its operator finds why in the router's log.",
};

function grantOf({ id, name, scopes, constraints, ...record }: TokenRecord, clock: Clock): Grant | TokenFault {
  if (record.revokedAt !== null) return { because: 'revoked', message: 'The token was revoked.' };
  const expiresAt = record.expiresAt === null ? undefined : millisToMicros(millis(record.expiresAt));
  if (expiresAt !== undefined && expiresAt <= clock.nowMicros())
    return { because: 'expired', message: `The token ended ${new Date(expiresAt / 1000).toISOString()}.` };
  return { id, name, scopes, constraints, expiresAt };
}

/** Ids of tokens that do not open any more what they opened before: revoked, gone, or changed by hand. */
function endedBetween(before: TokenRecords, after: TokenRecords): readonly string[] {
  const standing = new Map(after.tokens.map((each) => [each.id, JSON.stringify(each)]));
  const ended = before.tokens.filter(
    (each) => each.revokedAt === null && standing.get(each.id) !== JSON.stringify(each),
  );
  const knownBefore = new Set(before.revocations.map(({ id }) => id));
  const foreign = after.revocations.filter(({ id }) => !knownBefore.has(id));
  return [...ended, ...foreign].map(({ id }) => id);
}
