import type { Qos } from '../protocol/messages.ts';

/** How a message was asked, from its frame's header. */
export interface Request {
  readonly qos: Qos;
  /** given by clients that know request ids, in the place of the header's timestamp; undefined for all others */
  readonly id: bigint | undefined;
}
