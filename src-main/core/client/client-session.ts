import type { Pattern } from '../../contract/address.ts';
import { AppError, UnavailableError } from '../../contract/errors.ts';
import type { Cancel } from '../../contract/message-link.ts';
import { signalKinds } from '../../contract/signal.ts';
import type { Connection } from '../../ports/transport.ts';
import { encodeFrame } from '../protocol/frame.ts';
import { frameFor } from '../protocol/framing.ts';
import { messageType, type Message } from '../protocol/messages.ts';
import { acknowledgementOf } from './acknowledgement.ts';
import { Arrivals } from './arrivals.ts';
import { Asker } from './asker.ts';
import type { ClaspClientOptions, ClientStats } from './client-api.ts';
import { clientLimits, type ClientLimits } from './client-limits.ts';
import { ClockSync } from './clock-sync.ts';
import { Connector, hindranceIn, type ClientState, type Greeted, type Hello } from './connector.ts';
import { Incoming } from './incoming.ts';
import { KeepAlive } from './keep-alive.ts';
import type { PlainFrame } from './outgoing.ts';
import { PastPages } from './past-pages.ts';
import type { Received } from './received.ts';
import { RequestIds } from './request-ids.ts';
import { RouterLine } from './router-line.ts';
import { Sender } from './sender.ts';
import { SubscriptionArrivals } from './subscription-arrivals.ts';
import { Subscriptions, withoutPast, type ClientSubscription, type SubscribeRequest } from './subscriptions.ts';

export interface ClientSessionOptions extends ClaspClientOptions {
  readonly onState: (state: ClientState) => void;
  readonly onNotice: (error: AppError) => void;
}

/** The parts of a client, put together: one after the other they see a session begin, last and end. */
export class ClientSession {
  readonly asker: Asker;
  readonly sender: Sender;
  readonly clockSync: ClockSync;
  readonly connector: Connector;
  readonly #options: ClientSessionOptions;
  readonly #limits: ClientLimits;
  readonly #ids: RequestIds;
  readonly #subscriptions: Subscriptions;
  readonly #incoming: Incoming;
  readonly #arrivals: SubscriptionArrivals;
  readonly #counted: Arrivals;
  readonly pages: PastPages;
  /** they want the past, and wait for a page of a replay */
  readonly #postponed = new Set<ClientSubscription>();
  /** tells a router that it is us again, so it must not be guessed */
  readonly #resume: string;
  #keepAlive: KeepAlive | undefined;

  constructor(options: ClientSessionOptions) {
    const { clock, random, log, dial, keepTime = false, onState, onNotice } = options;
    const limits = { ...clientLimits, ...options.limits };
    this.#options = options;
    this.#limits = limits;
    this.#ids = new RequestIds(clock);
    this.#resume = random.uuid();
    this.sender = new Sender({ clock, limits });
    this.asker = new Asker({
      clock,
      ids: this.#ids,
      sender: this.sender,
      hindrance: () => hindranceIn(this.connector.state),
    });
    this.clockSync = new ClockSync({ clock, keepTime, send: (message) => this.#sendNow(message) });
    this.#subscriptions = new Subscriptions({ limits, log });
    this.#arrivals = new SubscriptionArrivals({
      clock,
      limits,
      again: (bytes) => void this.sender.line?.send([bytes]),
      anew: (subscription) => this.#subscribeFrame(subscription),
    });
    this.#counted = new Arrivals({ clock, limits, send: (message) => this.#sendNow(message) });
    this.pages = new PastPages({
      clock,
      limits,
      asker: this.asker,
      sender: this.sender,
      hindrance: () => hindranceIn(this.connector.state),
      isBusy: () => !this.#subscriptions.pasts.isEmpty,
      onFree: () => this.#askPostponed(),
      onStuck: () => this.connector.giveUp('a replay was not answered'),
    });
    this.#incoming = new Incoming({
      sender: this.sender,
      pages: this.pages,
      subscriptions: this.#subscriptions,
      log,
      onPing: () => this.#sendNow({ type: messageType.pong }),
      onSync: (message) => this.clockSync.heard(message),
      onNotice,
      arrivals: this.#arrivals,
      counted: this.#counted,
    });
    this.connector = new Connector({
      dial,
      clock,
      random,
      limits,
      hello: () => this.#hello(),
      send: sendOn,
      onState,
      onOpen: (greeted) => this.#open(greeted),
      onFrame: (bytes) => this.#hear(bytes),
      onDrain: () => this.sender.drained(),
      onLost: () => this.#lost(),
      onRefused: (error) => this.#failAll(error),
    });
  }

  /** @throws AppError, and nothing has changed */
  subscribe(pattern: Pattern, run: (received: Received) => void, request: SubscribeRequest): Cancel {
    const { state } = this.connector;
    if (state.phase === 'closed')
      throw hindranceIn(state) ?? new UnavailableError('link-closed', 'The client is closed.');
    const subscription = this.#subscriptions.add(pattern, run, request);
    try {
      if (this.sender.line) this.#ask(subscription);
    } catch (error) {
      this.#subscriptions.remove(subscription);
      throw error;
    }
    return () => this.#unsubscribe(subscription);
  }

  stats(): ClientStats {
    return {
      queued: this.sender.heldCount,
      queuedBytes: this.sender.heldBytes,
      droppedTotal: this.sender.droppedTotal,
      resentTotal: this.sender.resentTotal,
      badFramesTotal: this.#incoming.badFramesTotal,
      ignoredTotal: this.#incoming.ignoredTotal + this.#subscriptions.ignoredTotal,
    };
  }

  close(reason: string): void {
    this.connector.close(reason);
    this.#failAll(new UnavailableError('link-closed', `The client was closed: ${reason}.`));
    this.#subscriptions.clear();
  }

  #hello(): Hello {
    const { name, token, features = signalKinds } = this.#options;
    const id = this.#ids.next();
    const bytes = encodeFrame(
      {
        type: messageType.hello,
        version: 1,
        features,
        name,
        ...(token !== undefined && { token }),
        resume: this.#resume,
      },
      { timestamp: id },
    );
    return { id, bytes };
  }

  #open(greeted: Greeted): void {
    const { clock } = this.#options;
    const { quietMs, silentMs, joinedBytesMax } = this.#limits;
    const line = new RouterLine(greeted.connection, greeted.knowsIds, joinedBytesMax);
    this.#keepAlive = new KeepAlive({
      clock,
      quietMs,
      silentMs,
      ping: () => this.#sendNow({ type: messageType.ping }),
      onDead: () => this.connector.giveUp('the router fell silent'),
    });
    const subscribes = [...this.#subscriptions.all()].map(
      (subscription) => [subscription, this.#subscribeFrame(subscription, line)] as const,
    );
    const first = subscribes.map(([, frame]) => frame);
    this.sender.open(line, line.knowsIds && line.connection.reliable ? this.#withCount(first) : first);
    for (const [subscription, { bytes }] of subscribes) this.#expect(subscription, bytes);
    this.clockSync.start(greeted);
    this.pages.goOn();
  }

  /** What must arrive goes on where the last session ended, before anything is subscribed to anew, and what is not
   *  subscribed to anew ends behind it. */
  #withCount(subscribes: readonly PlainFrame[]): PlainFrame[] {
    const frame = (message: Message): PlainFrame => this.asker.frame(message, 'session');
    return [frame(this.#counted.opening()), ...subscribes, frame(this.#counted.wanted())];
  }

  #failAll(error: AppError): void {
    this.sender.failAll(error);
    this.pages.failAll(error);
  }

  #lost(): void {
    this.#keepAlive?.stop();
    this.#keepAlive = undefined;
    this.clockSync.stop();
    this.#arrivals.stop();
    this.#counted.lost();
    this.#subscriptions.pasts.clear();
    // The next session asks for all of them anew.
    this.#postponed.clear();
    this.pages.lost();
    this.sender.lost();
  }

  #hear(bytes: Uint8Array): void {
    this.#keepAlive?.heard();
    this.#incoming.hear(bytes);
    this.pages.goOn();
  }

  #ask(subscription: ClientSubscription): void {
    if (subscription.lacksPast && this.pages.isUnderWay) {
      this.#postponed.add(subscription);
      return;
    }
    const frame = this.#subscribeFrame(subscription);
    this.sender.submit(frame);
    this.#expect(subscription, frame.bytes);
  }

  #askPostponed(): void {
    for (const subscription of this.#postponed) {
      this.#postponed.delete(subscription);
      try {
        if (this.sender.line) this.#ask(subscription);
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        this.#subscriptions.refuse(subscription, error);
      }
    }
  }

  /** Where frames get lost, what was asked is looked after until all of it has come; old routers say nothing of it. */
  #expect(subscription: ClientSubscription, bytes: Uint8Array): void {
    const { line } = this.sender;
    if (line?.knowsIds && !line.connection.reliable) this.#arrivals.expect(subscription, bytes);
  }

  /** Where frames get lost the past could not be whole: it is asked for when there is another line. */
  #subscribeFrame(subscription: ClientSubscription, line = this.sender.line): PlainFrame {
    const asksPast = subscription.lacksPast && line?.connection.reliable === true;
    const message = asksPast ? subscription.message : withoutPast(subscription.message);
    const frame = this.asker.frame(message, 'session', { qos: 'confirm', isTracked: true });
    if (asksPast && line.knowsIds) this.#subscriptions.pasts.add(subscription, frame.id);
    this.#subscriptions.asked(subscription, frame.id);
    return frame;
  }

  #unsubscribe(subscription: ClientSubscription): void {
    this.#arrivals.forget(subscription);
    const { line } = this.sender;
    const isAsked = !this.#postponed.delete(subscription);
    if (!this.#subscriptions.remove(subscription) || !line || !isAsked) return;
    const message: Message = { type: messageType.unsubscribe, id: subscription.id };
    if (line.knowsIds && !line.connection.reliable) {
      // Sent until it is acknowledged. What then still comes for it is passed over all the same.
      void this.asker.ask(message, 'confirm', acknowledgementOf).catch(() => undefined);
      return;
    }
    try {
      this.sender.submit(this.asker.frame(message, 'session', { qos: 'confirm' }));
    } catch {
      // There is no room to say so. What still comes for it is passed over, and the next session does not ask for it.
    }
  }

  /** Past all that waits: for what is of no use later. @returns whether it left */
  #sendNow(message: Message): boolean {
    return this.sender.line?.send([encodeFrame(message)]) === 1;
  }
}

function sendOn(connection: Connection, bytes: Uint8Array): boolean {
  return connection.send(frameFor(connection.framing, bytes));
}
