import { createHash } from 'node:crypto';
import type { Client } from 'aedes';
import { InputError, UnavailableError } from '../../contract/errors.ts';
import { micros } from '../../contract/units.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ForeignClient } from '../../ports/gateway.ts';
import type { Log } from '../../ports/log.ts';
import { BrokerFigures } from './broker-figures.ts';
import { GuestOutbox, type SendLine } from './guest-outbox.ts';
import { KeptGuests } from './kept-guests.ts';
import { MqttGuest } from './mqtt-guest.ts';

export interface GuestDeskOptions {
  /** the address that all topics are under; empty: topic `a` is `/a` */
  readonly prefix: string;
  /** what a message is that is not retained */
  readonly plain: 'param' | 'event';
  /** of Flyrail */
  readonly version: string;
  /** hears of each that is counted in `refused`, by why */
  readonly onCounted?: (because: string) => void;
  readonly clock: Clock;
  readonly log: Log;
}

/** Lets who is on a connection into the router. @throws as AdmitForeign */
export type AdmitHere = (who: { readonly name: string; readonly token: string | undefined }) => Promise<ForeignClient>;

/** Bytes that wait for one client that is there; of who is away messages and bytes. */
const waitingLimits = { bytesMax: 32 << 20, awayMessagesMax: 10_000, awayBytesMax: 4 << 20 };
/** Bytes that wait for all clients of a door. */
const roomBytesMax = 128 << 20;

/** What of aedes's client its types leave out. */
interface Deliverer {
  readonly deliver0: (packet: object, done: () => void) => void;
  readonly deliverQoS: (packet: object, done: () => void) => void;
}

/** Who is at the door: clients with their sessions in the router, over all their connections. */
export class GuestDesk {
  /** clients and messages that never reached the router, or the client, by why */
  readonly refused = new Map<string, number>();
  readonly #options: GuestDeskOptions;
  readonly #guests = new WeakMap<Client, MqttGuest>();
  /** the connection that each has now */
  readonly #clients = new WeakMap<MqttGuest, Client>();
  readonly #kept: KeptGuests;
  readonly #figures: BrokerFigures;
  readonly #room = { bytes: 0, bytesMax: roomBytesMax };
  readonly #resumed = new Set<string>();
  readonly #greeted = new WeakSet<Client>();
  readonly #totals = { received: 0, sent: 0 };
  readonly #beganAt: number;

  constructor(options: GuestDeskOptions) {
    this.#options = options;
    this.#kept = new KeptGuests(options.clock);
    this.#beganAt = options.clock.nowMicros();
    this.#figures = new BrokerFigures(options.clock, () => this.#readFigures());
  }

  of(client: Client): MqttGuest | undefined {
    return this.#guests.get(client);
  }

  /** whether the session of who comes with this identity was there */
  isResumed(id: string): boolean {
    return this.#resumed.has(id);
  }

  /** CONNACK was sent: what comes is said by the client itself. */
  greet(client: Client): void {
    this.#greeted.add(client);
    this.#resumed.delete(client.id);
  }

  isGreeted(client: Client): boolean {
    return this.#greeted.has(client);
  }

  /** Lets a client in, to the session that was kept for it or to a new one.
   *  @throws as a rejection: why the router does not let it in */
  async admit(client: Client, admit: AdmitHere, token = ''): Promise<void> {
    const who = client.id;
    const session = await admit({ name: `MQTT ${who}`.slice(0, 200), token: token === '' ? undefined : token });
    if (client.closed || client.conn.destroyed) {
      session.close('it went while it was let in');
      return;
    }
    // Nobody takes over the session of another by its name alone.
    const id = `${createHash('sha256').update(token).digest('hex').slice(0, 16)} ${who}`;
    (client as { id: string }).id = id;
    const guest = this.#takeUp(id, session, !client.clean);
    this.#guests.set(client, guest);
    this.#clients.set(guest, client);
    this.#kept.arrived(id, guest);
    guest.outbox.attach(this.#lineTo(client));
  }

  /** Its connection is over. */
  leave(client: Client): void {
    const guest = this.#guests.get(client);
    // It may go on over another one.
    if (!guest || this.#clients.get(guest) !== client) return;
    this.#clients.delete(guest);
    this.#resumed.delete(client.id);
    if (guest.isKept) guest.outbox.detach();
    this.#kept.left(client.id, guest);
  }

  /** @throws as a rejection: UnavailableError where no answer may go to it */
  async publish(client: Client, packet: Parameters<MqttGuest['publish']>[0]): Promise<void> {
    const guest = this.#guests.get(client);
    if (!guest) throw new UnavailableError('link-closed', 'Nobody is there.');
    this.#totals.received++;
    try {
      await guest.publish(packet);
    } catch (error) {
      this.refuse('messages');
      // [MQTT 3.1.1, 3.3.5] the answer is positive whatever the router said: there is no other one.
      if (error instanceof UnavailableError) throw error;
    }
  }

  stop(): void {
    this.#figures.stop();
    this.#kept.clear('the way in is shut');
  }

  refuse(because: string): void {
    this.refused.set(because, (this.refused.get(because) ?? 0) + 1);
    this.#options.onCounted?.(because);
  }

  #takeUp(id: string, session: ForeignClient, isKept: boolean): MqttGuest {
    const before = this.#kept.get(id);
    if (before && isKept && before.isKept) {
      session.close('its kept session goes on');
      this.#resumed.add(id);
      return before;
    }
    // [MQTT 3.1.1, 3.1.2-6] Who wants a new session leaves nothing of the old one. One that is there is sent away first.
    if (before && this.#kept.isAway(id)) this.#kept.drop(id, before, 'it began anew');
    const { prefix, plain } = this.#options;
    const onShed = (): void => this.refuse('slow');
    const outbox = new GuestOutbox({ limits: waitingLimits, room: this.#room, onShed });
    const guest = new MqttGuest({ session, outbox, figures: this.#figures, prefix, plain, isKept, onShed });
    session.onEnded((reason) => {
      this.#options.log.info('MQTT client is sent away', { client: id, reason });
      this.#kept.drop(id, guest, reason);
      this.#clients.get(guest)?.close();
    });
    return guest;
  }

  #lineTo(client: Client): SendLine {
    const deliverer = client as unknown as Deliverer;
    return (message, messageId, done) => {
      this.#totals.sent++;
      const packet = { ...message, cmd: 'publish', dup: false, messageId };
      if (messageId === undefined) deliverer.deliver0(packet, done);
      else deliverer.deliverQoS(packet, done);
    };
  }

  /** @see https://mosquitto.org/man/mosquitto-8.html, whose names they have */
  #readFigures(): Readonly<Record<string, string | number>> {
    const guests = [...this.#kept.all()];
    const away = this.#kept.awayCount;
    const seconds = Math.floor((this.#options.clock.nowMicros() - this.#beganAt) / micros(1_000_000));
    return {
      version: `flyrail version ${this.#options.version}`,
      uptime: `${seconds} seconds`,
      'clients/connected': guests.length - away,
      'clients/disconnected': away,
      'clients/total': guests.length,
      'subscriptions/count': guests.reduce((sum, { filterCount }) => sum + filterCount, 0),
      'publish/messages/received': this.#totals.received,
      'publish/messages/sent': this.#totals.sent,
      'publish/messages/dropped': this.refused.get('slow') ?? 0,
    };
  }
}

/** [MQTT 3.1.1, 3.2.2.3] 2: its id. 3: not now. 4: the user and password are wrong. 5: it may not. */
export function returnCodeOf(error: unknown, hasPassword: boolean): 2 | 3 | 4 | 5 {
  if (error instanceof InputError) return 2;
  if (error instanceof UnavailableError) return 3;
  return hasPassword ? 4 : 5;
}
