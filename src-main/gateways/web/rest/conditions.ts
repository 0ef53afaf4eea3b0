import { InputError } from '../../../contract/errors.ts';
import type { StandingParam } from '../../../ports/gateway.ts';

/** What a request asks to hold before anything is done. */
export interface Conditions {
  readonly ifMatch: string | undefined;
  readonly ifNoneMatch: string | undefined;
}

/** Names the revision of a param. */
export function etagOf({ revision }: Pick<StandingParam, 'revision'>): string {
  return `"${revision}"`;
}

/** Whether a list of entity tags, or a star, covers this one. Weak ones are as good as strong ones here: a revision is exact.
 *  @see RFC 9110, 13.1 */
export function coversTag(list: string, etag: string): boolean {
  if (list.trim() === '*') return true;
  return list.split(',').some((each) => each.trim().replace(/^W\//, '') === etag);
}

/** @param standing undefined for nothing
 *  @throws InputError 'changed-meanwhile' where what is asked does not hold */
export function assertHolds({ ifMatch, ifNoneMatch }: Conditions, standing: StandingParam | undefined): void {
  if (ifMatch !== undefined && !(standing && coversTag(ifMatch, etagOf(standing))))
    throw changed(standing ? `It stands at ${etagOf(standing)}.` : 'Nothing stands there.');
  if (ifNoneMatch !== undefined && standing && coversTag(ifNoneMatch, etagOf(standing)))
    throw changed(`It stands at ${etagOf(standing)} already.`);
}

function changed(words: string): InputError {
  return new InputError('changed-meanwhile', words);
}
