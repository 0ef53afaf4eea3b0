import type { Pattern } from '../../../contract/address.ts';
import type { Cancel } from '../../../contract/message-link.ts';
import type { Grant } from '../../../ports/token-verifier.ts';
import type { Connection } from '../../../ports/transport.ts';
import type { Access } from '../../access/access.ts';
import type { SessionRates } from '../../access/session-rates.ts';
import { sourceOf } from '../../access/source-of.ts';
import type { Message, SubscribeOptions } from '../../protocol/messages.ts';
import type { Origin } from '../delivery/delivery.ts';
import { HeldLocks } from './held-locks.ts';
import type { Outbox } from '../delivery/outbox.ts';
import { correlationOf } from '../../protocol/correlation.ts';
import type { FrameOptions } from '../../protocol/frame.ts';
import type { Answer, AnsweredRequests } from './answered-requests.ts';
import type { EarlierRequests } from './earlier-requests.ts';
import type { Request } from '../requests/request.ts';
import type { SessionGate } from './session-gate.ts';
import { SharedFrame } from '../delivery/shared-frame.ts';
import type { SessionLine } from './counted-line.ts';
import type { OwedFrames } from './owed-frames.ts';

/** A subscription of a remote session. */
export interface RemoteSubscription {
  readonly session: Session;
  readonly id: number;
  readonly pattern: Pattern;
  /** bit `1 << kind code` for each kind wanted, and `timelineReportBit` */
  readonly mask: number;
  readonly options: SubscribeOptions;
  /** of a session that has ended, for a client that has not subscribed anew: of what flows it is given nothing */
  readonly isLeftBehind?: boolean;
}

/** How much a session does. */
export interface SessionFigures {
  readonly id: string;
  /** what it calls itself: not unique, may be empty */
  readonly name: string;
  /** how and from where it came */
  readonly peer: string;
  /** whose token it showed; undefined where nobody was asked */
  readonly grant: Pick<Grant, 'id' | 'name' | 'expiresAt'> | undefined;
  readonly framesReceived: number;
  /** handed to its outbox */
  readonly framesSent: number;
  /** waiting until it reads again */
  readonly heldBytes: number;
  readonly subscriptions: Iterable<RemoteSubscription>;
}

/** One client, known by the secret that it gives in HELLO. */
export interface ResumedClient {
  readonly answered: AnsweredRequests;
  /** of the last run of the router, if it was known then */
  readonly earlier?: EarlierRequests | undefined;
  /** of the newest of its sessions, as `Access` has them; undefined: everything, or not known */
  rights?: string | undefined;
  /** the newest of its sessions, where its answers go; undefined while it has none */
  session: Session | undefined;
  /** what it is to get without fail; undefined where it does not count what arrives */
  owed?: OwedFrames | undefined;
}

/** One remote participant, from its connection to its end. */
export class Session {
  readonly id: string;
  readonly connection: Connection;
  /** what its way in allows to anyone; undefined: everything */
  readonly door: Access | undefined;
  /** where it comes from, for limits */
  readonly source: string;
  /** of its token; undefined where nobody was asked */
  grant: Grant | undefined;
  /** what it may do; undefined: everything */
  access: Access | undefined;
  /** how fast it may send; undefined: nothing is limited */
  rates: SessionRates | undefined;
  /** ends it when its token does */
  cancelExpiry: Cancel | undefined;
  /** settles when it is known what its HELLO opens; undefined while none is looked at */
  judging: Promise<void> | undefined;
  /** where everything goes that is on its way to the peer */
  line: SessionLine;
  /** past what waits in the line */
  readonly outbox: Outbox;
  /** by the id that the peer gave */
  readonly subscriptions = new Map<number, RemoteSubscription>();
  readonly locks: HeldLocks;
  /** whose session it is, where that gives its requests ids */
  client: ResumedClient | undefined;
  /** the id of its HELLO: one that comes again is the same HELLO, sent twice over a link that loses frames */
  greetedBy: bigint | undefined;
  /** of its client, once that counts in this session what arrives */
  owed: OwedFrames | undefined;
  /** subscriptions of its client's last session, until it has subscribed anew to all it wants */
  readonly inherited: RemoteSubscription[] = [];
  /** what its client is known by */
  secret: string | undefined;
  /** made when it first wants less than everything */
  gate: SessionGate | undefined;
  /** stands at what it sends */
  readonly origin: Origin;
  /** waiting: for HELLO */
  phase: 'waiting' | 'open' | 'closed' = 'waiting';
  /** what it calls itself; empty until HELLO */
  name = '';
  /** whether it said in HELLO that timelines mean something to it */
  knowsTimelines = false;
  /** of `ExpiredParams`, when it was given all params; undefined for those that are given them with subscriptions only */
  expiredBefore: number | undefined;
  badFramesInARow = 0;
  framesReceived = 0;
  /** under way */
  replays = 0;

  constructor(id: string, connection: Connection, { outbox, line, door }: Pick<Session, 'outbox' | 'line' | 'door'>) {
    this.id = id;
    this.connection = connection;
    this.door = door;
    this.source = sourceOf(connection.peer);
    this.outbox = outbox;
    this.line = line;
    this.locks = new HeldLocks(id);
    this.origin = { name: id, owner: this, fromLocal: false, cause: undefined };
  }

  figures(): SessionFigures {
    const { id, name, grant, framesReceived, subscriptions, outbox } = this;
    const { framesTotal, heldBytes } = outbox;
    const { peer } = this.connection;
    return {
      id,
      name,
      peer,
      grant,
      framesReceived,
      framesSent: framesTotal,
      heldBytes,
      subscriptions: subscriptions.values(),
    };
  }

  /** Sends what the turn has collected for it, and nothing more from now on. */
  shut(): void {
    this.outbox.flush();
    this.line.close();
    this.outbox.close();
    this.gate?.close();
    this.gate = undefined;
  }

  /** @throws LimitError 'frame-too-large' */
  send(message: Message, options?: FrameOptions): void {
    this.line.add(new SharedFrame(message, options ? { ...options, isForOne: true } : forOne));
  }

  /** Answers a request; where it has an id, to the session that its client has by now. */
  reply(answer: Answer, { id }: Pick<Request, 'id'>): void {
    if (id === undefined || !this.client) return this.send(answer);
    const known = { ...answer, correlationId: correlationOf(id) };
    this.client.answered.answer(id, known);
    this.client.session?.send(known);
  }
}

const forOne = { isForOne: true };
