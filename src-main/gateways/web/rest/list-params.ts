import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { parsePattern, tryAddress, type Address } from '../../../contract/address.ts';
import { InputError } from '../../../contract/errors.ts';
import type { ForeignClient, StandingParam } from '../../../ports/gateway.ts';
import { describeParam } from './answer-value.ts';

export const listLimit = 100;
export const listLimitMax = 1000;
/** Of one part of a list, about; at least one param. */
export const partBytesMax = 2 * 1024 * 1024;

/** Which part of a list is wanted. */
export interface ListRequest {
  readonly pattern: string;
  readonly limit: number;
  /** the address behind which it goes on */
  readonly after: Address | undefined;
}

export interface ParamList {
  readonly body: string;
  readonly etag: string;
  /** where the next part begins; undefined at the end */
  readonly cursor: string | undefined;
}

/** @param query as it came
 *  @throws InputError 'bad-arguments' */
export function readListRequest(pattern: string, query: Readonly<Record<string, unknown>>): ListRequest {
  const { limit = String(listLimit), cursor } = query;
  const number = typeof limit === 'string' && /^\d{1,9}$/.test(limit) ? Number(limit) : 0;
  if (number < 1) throw new InputError('bad-arguments', `limit: expected 1 to ${listLimitMax}.`);
  return { pattern, limit: Math.min(number, listLimitMax), after: cursor === undefined ? undefined : placeOf(cursor) };
}

/** A list that goes on behind a place that was never one looks as if nothing were there. */
function placeOf(cursor: unknown): Address {
  const place = typeof cursor === 'string' ? tryAddress(Buffer.from(cursor, 'base64url').toString('utf8')) : undefined;
  if (place !== undefined && cursorOf(place) === cursor) return place;
  throw new InputError('bad-arguments', 'cursor: expected one, as the last answer gave it.');
}

function cursorOf(place: Address): string {
  return Buffer.from(place).toString('base64url');
}

/** The params under a pattern in the order of their addresses, part by part.
 *  @param prefix the address that all others are under
 *  @throws as rejections: InputError 'bad-pattern'; AppError with the router's refusal */
export async function listParams(
  session: ForeignClient,
  prefix: string,
  { pattern, limit, after }: ListRequest,
): Promise<ParamList> {
  const found = await paramsUnder(session, prefix, pattern);
  const hash = createHash('sha256');
  const sorted = [...found].toSorted(([left], [right]) => (left < right ? -1 : 1));
  for (const [address, { revision }] of sorted) hash.update(`${address} ${revision}\n`);
  const rest = after === undefined ? sorted : sorted.filter(([address]) => address > after);
  const part = takePart(rest, limit);
  const last = rest.length > part.length ? rest[part.length - 1]?.[0] : undefined;
  const cursor = last === undefined ? undefined : cursorOf(last);
  const etag = `"${hash.digest('base64url').slice(0, 22)}"`;
  return { body: `{"signals":[${part.join(',')}],"next":${JSON.stringify(cursor ?? null)}}`, etag, cursor };
}

function takePart(rest: readonly (readonly [Address, StandingParam])[], limit: number): string[] {
  const part: string[] = [];
  let length = 0;
  for (const [address, param] of rest) {
    if (part.length >= limit || length > partBytesMax) break;
    const text = describeParam(address, param);
    part.push(text);
    length += text.length;
  }
  return part;
}

async function paramsUnder(
  session: ForeignClient,
  prefix: string,
  pattern: string,
): Promise<Map<Address, StandingParam>> {
  if (!pattern.startsWith('/')) throw new InputError('bad-pattern', 'Begin it with a slash: /desk/**.');
  const found = new Map<Address, StandingParam>();
  const cancel = await session.subscribe(parsePattern(prefix + pattern), (signal, isStanding, revision) => {
    if (!isStanding || revision === undefined || signal.kind !== 'param' || signal.value.type === 'null') return;
    const address = signal.address.slice(prefix.length) as Address;
    if (address !== '') found.set(address, { value: signal.value, revision });
  });
  cancel();
  return found;
}
