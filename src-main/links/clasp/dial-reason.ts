import { UnavailableError } from '../../contract/errors.ts';
import { dialWords, partsOfError } from '../../platform/connection-words.ts';

/** Says of a dial that failed why, for the status of a link, which has the URL beside it.
 *  @throws Error always, with a clause as its message: `no router listens there` */
export function giveReason(error: unknown): never {
  // The system's own words are behind those of the transport.
  const cause = error instanceof UnavailableError && error.cause instanceof Error ? error.cause : error;
  const parts = partsOfError(cause);
  throw new Error(dialWords(parts, 'router') ?? parts.message.replace(/\.$/, ''), { cause: error });
}
