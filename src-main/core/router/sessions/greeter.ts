import type { Address } from '../../../contract/address.ts';
import { signalKinds } from '../../../contract/signal.ts';
import type { Log } from '../../../ports/log.ts';
import type { Frame } from '../../protocol/frame.ts';
import { messageType, type HelloMessage, type WelcomeMessage } from '../../protocol/messages.ts';
import { errorNumber, type Refusal } from '../requests/refusal.ts';
import { crc32 } from '../../journal/crc32.ts';
import { isRefusal } from '../state/param-write.ts';
import type { RequestContext } from '../requests/request-context.ts';
import { createSnapshotSource } from '../state/snapshot-source.ts';
import type { AwayClients } from './away-clients.ts';
import type { ResumedClients } from './resumed-clients.ts';
import type { SessionEvents } from './session-events.ts';
import type { Admitted, SessionGuard } from './session-guard.ts';
import type { Session } from './session.ts';

export interface GreeterOptions extends Pick<RequestContext, 'clock' | 'limits' | 'counters' | 'exchange'> {
  readonly log: Log;
  /** what the router calls itself in WELCOME */
  readonly name: string;
  readonly resumed: ResumedClients;
  readonly away: Pick<AwayClients, 'renew'>;
  readonly events: SessionEvents;
  readonly guard: Pick<SessionGuard, 'judge' | 'equip'>;
  /** it may do what its token allows, until that ends */
  readonly onAdmitted: (session: Session) => void;
  /** counts, and tells the sender */
  readonly refuse: (session: Session, refusal: Refusal) => void;
  readonly leave: (session: Session, reason: string) => void;
}

interface Greeting {
  readonly hello: HelloMessage;
  readonly timestamp: bigint | undefined;
}

/** Says WELCOME to whoever says HELLO first, and knows again who was here before. */
export class Greeter {
  readonly #options: GreeterOptions;

  constructor(options: GreeterOptions) {
    this.#options = options;
  }

  /** Opens the session, or ends it where its first frame is none that opens one. */
  greet(session: Session, { message, timestamp }: Frame): void {
    const { counters, guard } = this.#options;
    if (message.type !== messageType.hello) {
      counters.refuse(errorNumber.invalidMessage);
      return this.#options.leave(session, 'the first frame is not a HELLO');
    }
    if (message.version < 1 || message.version > 3) {
      const text = `This router speaks CLASP versions 1 to 3, not ${message.version}.`;
      return this.#turnAway(session, { code: errorNumber.unsupportedVersion, message: text }, 'unsupported version');
    }
    const answer = guard.judge(session, message);
    const settle = (one: Admitted | Refusal): void => this.#settle(session, one, { hello: message, timestamp });
    if (!(answer instanceof Promise)) return settle(answer);
    judge(session, answer.then(settle));
  }

  /** A HELLO of a session that is open shows a new token. The answer is an ACK; what the new one does not reach is the caller's
   *  to end.
   *  @returns undefined when it takes some time; then `settle` is called */
  renew(session: Session, hello: HelloMessage, settle: (refusal: Refusal | undefined) => void): void {
    const { guard, onAdmitted, events } = this.#options;
    const take = (answer: Admitted | Refusal): void => {
      // A session that has ended meanwhile has nobody whom a timer could still end.
      if (session.phase !== 'open') return;
      if (isRefusal(answer)) return settle(answer);
      const before = session.access?.rights;
      guard.equip(session, answer);
      if (session.access?.rights !== before) this.#rename(session, hello.resume);
      onAdmitted(session);
      events.tell('renewed', session);
      settle(undefined);
    };
    const answer = guard.judge(session, hello);
    if (answer instanceof Promise) judge(session, answer.then(take));
    else take(answer);
  }

  /** Also once more, to a HELLO that came twice. */
  sendWelcome(session: Session): void {
    const { clock, name } = this.#options;
    const { greetedBy } = session;
    const welcome: WelcomeMessage = {
      type: messageType.welcome,
      version: 1,
      features: signalKinds,
      time: BigInt(clock.nowMicros()),
      session: session.id,
      name,
    };
    session.send(welcome, greetedBy === undefined ? undefined : { timestamp: greetedBy });
  }

  #settle(session: Session, answer: Admitted | Refusal, { hello, timestamp }: Greeting): void {
    if (session.phase !== 'waiting') return;
    if (isRefusal(answer)) return this.#turnAway(session, answer, 'its token opens nothing');
    const { guard, onAdmitted, events } = this.#options;
    guard.equip(session, answer);
    this.#welcome(session, hello, timestamp);
    onAdmitted(session);
    events.tell('opened', session);
  }

  #turnAway(session: Session, refusal: Refusal, reason: string): void {
    session.phase = 'open';
    this.#options.refuse(session, refusal);
    this.#options.leave(session, reason);
  }

  #welcome(session: Session, hello: HelloMessage, timestamp: bigint | undefined): void {
    const { log } = this.#options;
    session.phase = 'open';
    session.name = hello.name.slice(0, 200);
    session.knowsTimelines = hello.features.includes('timeline');
    const knowsIds = hello.resume !== undefined && timestamp !== undefined;
    if (knowsIds) this.#resume(session, hello.resume);
    session.greetedBy = knowsIds ? timestamp : undefined;
    this.sendWelcome(session);
    this.#sendState(session);
    log.info('session opened', { session: session.id, name: session.name, peer: session.connection.peer });
  }

  /** Old clients count on all there is behind the WELCOME. One that says who it is gets each param once, with the
   *  subscriptions that cover it; that nothing comes before is told by a SNAPSHOT of none. */
  #sendState(session: Session): void {
    const { exchange, limits } = this.#options;
    if (session.client) return session.send({ type: messageType.snapshot, params: [] });
    session.expiredBefore = exchange.expired.last;
    const frameBytesMax = session.connection.maxBytes;
    const { access } = session;
    const mayRead = access && ((address: Address) => access.may('read', address));
    const around = { table: exchange.table, evenIfEmpty: true, frameBytesMax, limits, mayRead };
    session.line.addFrom(createSnapshotSource(around));
  }

  /** Whoever comes back with the rights that it had until now inherits nothing of what it does with the new ones. */
  #rename(session: Session, secret: string | undefined): void {
    this.#options.resumed.rename(session, secret === undefined ? session.id : knownBy(session, secret));
  }

  /** The client of an earlier session is back. Should that session seem to go on, nobody is behind it any more. */
  #resume(session: Session, secret: string): void {
    const known = knownBy(session, secret);
    const { client, older, secret: own } = this.#options.resumed.join(known, session);
    session.client = client;
    session.secret = own;
    if (older) this.#options.leave(older, 'its client has come back');
    this.#options.away.renew(client);
  }
}

/** What comes meanwhile waits. */
function judge(session: Session, settled: Promise<void>): void {
  const judging = settled.then(() => {
    if (session.judging === judging) session.judging = undefined;
  });
  session.judging = judging;
}

/** What was subscribed to with other rights is not inherited. */
function knownBy({ access }: Session, secret: string): string {
  return access ? `${secret} ${crc32(encoder.encode(access.rights))}` : secret;
}

const encoder = new TextEncoder();
