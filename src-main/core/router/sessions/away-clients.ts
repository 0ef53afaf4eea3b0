import type { Cancel } from '../../../contract/message-link.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { Random } from '../../../ports/random.ts';
import { arrivalsAddress, formatNeverArrived } from '../../protocol/arrivals.ts';
import { maskOf } from '../../protocol/enumerations.ts';
import { messageType, type AckMessage } from '../../protocol/messages.ts';
import type { RouterCounters } from '../counters.ts';
import type { Exchange } from '../exchange.ts';
import type { RouterLimits } from '../limits.ts';
import { errorNumber, type Refusal } from '../requests/refusal.ts';
import { CountedLine } from './counted-line.ts';
import { OwedFrames } from './owed-frames.ts';
import type { RemoteSubscription, ResumedClient, Session } from './session.ts';
import { SharedRoom } from '../../bounds/shared-room.ts';

export interface AwayClientsOptions {
  readonly clock: Clock;
  readonly random: Pick<Random, 'uuid'>;
  readonly counters: RouterCounters;
  readonly exchange: Pick<Exchange, 'subscribe' | 'unsubscribe'>;
  readonly limits: Pick<
    RouterLimits,
    'awayMs' | 'awaySubscriptionsMax' | 'owedMax' | 'owedBytesMax' | 'owedTotalBytesMax'
  >;
}

/** A session that has ended, and what goes on of it until its client is back. */
interface Away {
  readonly session: Session;
  readonly cancel: Cancel;
}

/** the kinds of which something must arrive; the others are served afresh */
const lastingKinds = maskOf(['event', 'gesture', 'timeline']);

/** Clients that count what arrives get the rest of it over a reconnect. While one is away, what it subscribed to goes on for a
 *  while; its next session says how far it came and takes over. */
export class AwayClients {
  readonly #options: AwayClientsOptions;
  readonly #room: SharedRoom;
  /** those that left longest ago first */
  readonly #away = new Map<ResumedClient, Away>();
  #subscriptions = 0;

  constructor(options: AwayClientsOptions) {
    this.#options = options;
    this.#room = new SharedRoom(options.limits.owedTotalBytesMax);
  }

  /** A session has ended, and its subscriptions with it. Where its client counts, they go on for it. */
  keep(session: Session): void {
    const { client, subscriptions } = session;
    const { exchange, limits } = this.#options;
    if (!client?.owed || client.owed !== session.owed) {
      subscriptions.clear();
      if (client) this.renew(client);
      return;
    }
    this.#end(client);
    for (const [id, subscription] of subscriptions) {
      const mask = subscription.mask & lastingKinds;
      if (mask === 0) subscriptions.delete(id);
      else add(exchange, session, { ...subscription, mask, isLeftBehind: true });
    }
    this.#subscriptions += subscriptions.size;
    this.#await(client, session);
    for (const longest of this.#away.keys()) {
      if (this.#subscriptions <= limits.awaySubscriptionsMax) break;
      this.forget(longest);
    }
  }

  /** The client is back, or was until now, and has not said how far it came: its time begins anew. */
  renew(client: ResumedClient): void {
    const away = this.#away.get(client);
    if (!away) return;
    away.cancel();
    this.#away.delete(client);
    this.#await(client, away.session);
  }

  /** An ACK of a client. @returns why not, where it says what cannot be */
  acknowledge(session: Session, message: AckMessage): Refusal | undefined {
    const { client, connection, owed } = session;
    const { address, holder, revision = 0n } = message;
    // A session begins to count once, and where frames get lost nobody can.
    const isCounting = owed !== undefined;
    const isBeginning = holder !== undefined;
    if (address !== arrivalsAddress || !client || !connection.reliable || isCounting === isBeginning) {
      this.#options.counters.ignoredTotal++;
      return undefined;
    }
    if (!isCounting) {
      this.#begin(session, client, { holder: holder ?? '', number: Number(revision) });
      return undefined;
    }
    if (revision > owed.last) {
      const text = `You say that ${revision} frames have arrived, but ${owed.last} were sent.`;
      return { code: errorNumber.invalidMessage, message: text };
    }
    owed.arrived(Number(revision));
    this.#endUnwanted(session);
    return undefined;
  }

  /** What a client is owed is given up; should it come back, it is told so. */
  forget(client: ResumedClient): void {
    this.#end(client);
    if (!client.owed) return;
    this.#options.counters.drop('away', client.owed.count);
    client.owed.close();
    client.owed = undefined;
  }

  /** Nothing happens by itself any more. */
  close(): void {
    for (const client of [...this.#away.keys()]) this.forget(client);
  }

  #await(client: ResumedClient, session: Session): void {
    const { clock, limits } = this.#options;
    this.#away.set(client, { session, cancel: clock.after(limits.awayMs, () => this.forget(client)) });
  }

  /** The client says how far it came. All that it is owed leaves now, and before all that is newer. */
  #begin(session: Session, client: ResumedClient, said: { readonly holder: string; readonly number: number }): void {
    const { random, limits } = this.#options;
    const isKnown = client.owed?.id === said.holder && said.number <= client.owed.last;
    if (!isKnown) this.forget(client);
    const owed = (client.owed ??= new OwedFrames(random.uuid(), { ...limits, room: this.#room }));
    owed.arrived(said.number);
    const { line, connection } = session;
    const frames = owed.fitting(connection.maxBytes);
    const before = owed.last - frames.length;
    session.owed = owed;
    session.line = new CountedLine({ line, owed, bytesMax: connection.maxBytes });
    session.send({ type: messageType.ack, address: arrivalsAddress, revision: BigInt(before), holder: owed.id });
    if (isKnown && before > said.number) this.#tellOfLoss(session, before - said.number);
    else if (!isKnown && said.holder !== '') this.#tellOfLoss(session, undefined);
    this.#inherit(session, client);
    for (const frame of frames) line.add(frame);
  }

  #tellOfLoss(session: Session, count: number | undefined): void {
    const { counters } = this.#options;
    counters.refuse(errorNumber.overloaded);
    counters.drop('away', count ?? 0);
    session.send({ type: messageType.error, code: errorNumber.overloaded, message: formatNeverArrived(count) });
  }

  /** Until the client has subscribed again, the subscriptions of its last session are its own. */
  #inherit(session: Session, client: ResumedClient): void {
    const { exchange } = this.#options;
    const inherited = [...(this.#away.get(client)?.session.subscriptions.values() ?? [])];
    this.#end(client);
    for (const subscription of inherited)
      if (!session.subscriptions.has(subscription.id))
        session.inherited.push(add(exchange, session, { ...subscription, session }));
  }

  /** The client has subscribed to all it wants. */
  #endUnwanted(session: Session): void {
    for (const subscription of session.inherited.splice(0)) {
      if (session.subscriptions.get(subscription.id) !== subscription) continue;
      session.subscriptions.delete(subscription.id);
      this.#options.exchange.unsubscribe(subscription.pattern, subscription);
    }
  }

  /** What went on for a client goes on no more. */
  #end(client: ResumedClient): void {
    const away = this.#away.get(client);
    if (!away) return;
    const { subscriptions } = away.session;
    away.cancel();
    this.#away.delete(client);
    this.#subscriptions -= subscriptions.size;
    for (const subscription of subscriptions.values())
      this.#options.exchange.unsubscribe(subscription.pattern, subscription);
    subscriptions.clear();
  }
}

function add(
  exchange: Pick<Exchange, 'subscribe'>,
  session: Session,
  subscription: RemoteSubscription,
): RemoteSubscription {
  session.subscriptions.set(subscription.id, subscription);
  exchange.subscribe(subscription.pattern, subscription);
  return subscription;
}
