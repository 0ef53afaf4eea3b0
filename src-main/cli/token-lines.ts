import { formatScope } from '../contract/scope.ts';
import { isoTime, type TokenRecord, type TokenRecords } from '../platform/token-records.ts';
import { visibleJson, visibleText } from '../platform/visible-text.ts';
import type { Constraint } from '../ports/token-verifier.ts';

/** One array: tokens that were made here, then those of others that were revoked here, of which no more is known. Hashes are left
 *  out, nobody needs them. */
export function jsonOfTokens({ tokens, revocations }: TokenRecords): string {
  const made = tokens.map(({ id, name, kind, scopes, constraints, ...record }) => ({
    ...{ id, name, kind, scopes: scopes.map(formatScope), constraints },
    created: isoTime(record.createdAt),
    expires: timeOrNull(record.expiresAt),
    revoked: timeOrNull(record.revokedAt),
  }));
  const foreign = revocations.map(({ id, revokedAt }) => ({
    id,
    kind: id.startsWith('jwt:') ? 'jwt' : 'capability',
    revoked: isoTime(revokedAt),
  }));
  return `${visibleJson(JSON.stringify([...made, ...foreign]))}\n`;
}

/** @param now milliseconds since the Unix epoch */
export function linesOfTokens({ tokens, revocations }: TokenRecords, now: number): string {
  const lines = tokens.map((record) => {
    const { id, name, scopes, constraints } = record;
    const rights = [...scopes.map(formatScope), ...constraints.map(wordsOfConstraint)].join(',');
    return visibleText([id, stateOf(record, now), rights, name].join('  ').trimEnd());
  });
  const ended = revocations.map(({ id, revokedAt }) => `${id}  revoked ${isoTime(revokedAt)}`);
  const all = [...lines, ...ended];
  return all.length === 0 ? 'There are no tokens: flyrail token create makes one.\n' : `${all.join('\n')}\n`;
}

function stateOf({ expiresAt, revokedAt }: TokenRecord, now: number): string {
  if (revokedAt !== null) return `revoked ${isoTime(revokedAt)}`;
  if (expiresAt === null) return 'until revoked';
  return `${expiresAt <= now ? 'ended' : 'until'} ${isoTime(expiresAt)}`;
}

function wordsOfConstraint({ pattern, range, maxRate }: Constraint): string {
  return [
    pattern,
    ...(range ? [`${range[0]}..${range[1]}`] : []),
    ...(maxRate === undefined ? [] : [`${maxRate} Hz`]),
  ].join(' ');
}

function timeOrNull(time: number | null): string | null {
  return time === null ? null : isoTime(time);
}
