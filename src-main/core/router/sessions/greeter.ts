import { signalKinds } from '../../../contract/signal.ts';
import type { Log } from '../../../ports/log.ts';
import type { Frame } from '../../protocol/frame.ts';
import { messageType, type HelloMessage, type WelcomeMessage } from '../../protocol/messages.ts';
import { errorNumber, type Refusal } from '../requests/refusal.ts';
import type { RequestContext } from '../requests/request-context.ts';
import { createSnapshotSource } from '../state/snapshot-source.ts';
import type { AwayClients } from './away-clients.ts';
import type { ResumedClients } from './resumed-clients.ts';
import type { Session } from './session.ts';

export interface GreeterOptions extends Pick<RequestContext, 'clock' | 'limits' | 'counters' | 'exchange'> {
  readonly log: Log;
  /** what the router calls itself in WELCOME */
  readonly name: string;
  readonly resumed: ResumedClients;
  readonly away: Pick<AwayClients, 'renew'>;
  /** counts, and tells the sender */
  readonly refuse: (session: Session, refusal: Refusal) => void;
  readonly leave: (session: Session, reason: string) => void;
}

/** Says WELCOME to whoever says HELLO first, and knows again who was here before. */
export class Greeter {
  readonly #options: GreeterOptions;

  constructor(options: GreeterOptions) {
    this.#options = options;
  }

  /** Opens the session, or ends it where its first frame is none that opens one. */
  greet(session: Session, { message, timestamp }: Frame): void {
    const { counters, refuse, leave } = this.#options;
    if (message.type !== messageType.hello) {
      counters.refuse(errorNumber.invalidMessage);
      return leave(session, 'the first frame is not a HELLO');
    }
    if (message.version < 1 || message.version > 3) {
      const text = `This router speaks CLASP versions 1 to 3, not ${message.version}.`;
      session.phase = 'open';
      refuse(session, { code: errorNumber.unsupportedVersion, message: text });
      return leave(session, 'unsupported version');
    }
    this.#welcome(session, message, timestamp);
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
    session.line.addFrom(createSnapshotSource({ table: exchange.table, evenIfEmpty: true, frameBytesMax, limits }));
  }

  /** The client of an earlier session is back. Should that session seem to go on, nobody is behind it any more. */
  #resume(session: Session, secret: string): void {
    const { client, older } = this.#options.resumed.join(secret, session);
    session.client = client;
    session.secret = secret;
    if (older) this.#options.leave(older, 'its client has come back');
    this.#options.away.renew(client);
  }
}
