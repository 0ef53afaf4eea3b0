import type { FoundWay } from '../../contract/discovery.ts';

/** Ways in which datagrams are heard. */
export type HeardWay = Exclude<FoundWay, 'rendezvous'>;
/** What became of a datagram to the port at which routers are asked for. left: answered often enough already. */
export type QuestionFate = 'answered' | 'left' | 'unread';

/** What was heard on the networks since the engine began, over all modes. */
export class LanCounts {
  /** sightings, by way */
  readonly heard: Record<HeardWay, number> = { mdns: 0, broadcast: 0, artpoll: 0, sacn: 0 };
  /** datagrams of neighbours in which nothing could be read, by way; of mDNS those of anybody */
  readonly unread: Record<HeardWay, number> = { mdns: 0, broadcast: 0, artpoll: 0, sacn: 0 };
  readonly questions: Record<QuestionFate, number> = { answered: 0, left: 0, unread: 0 };
}
