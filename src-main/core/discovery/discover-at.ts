import { ProtocolError } from '../../contract/errors.ts';
import { foundSchema, type Found } from '../../contract/rendezvous.ts';
import { RendezvousLine, tryJson, type RendezvousServer } from './rendezvous-call.ts';
import type { Filter } from './rendezvous-registry.ts';

/** Asks a rendezvous server who is there. Entries that are not as they should be are left out.
 *  @throws ProtocolError 'bad-message', AppError 'peer-refused' | 'unknown-id', UnavailableError 'no-answer' | 'peer-failed' */
export async function discoverAt(server: Omit<RendezvousServer, 'signer'>, filter: Filter): Promise<Found[]> {
  const query = Object.entries(filter).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${encodeURIComponent(String(value))}`],
  );
  const path = `/discover${query.length === 0 ? '' : `?${query.join('&')}`}`;
  const answer = tryJson(await new RendezvousLine(server).ask({ method: 'GET', path }));
  if (!Array.isArray(answer))
    throw new ProtocolError('bad-message', `${server.url} does not answer as a rendezvous server: expected a list.`);
  return answer.flatMap((each: unknown) => foundSchema.safeParse(each).data ?? []);
}
