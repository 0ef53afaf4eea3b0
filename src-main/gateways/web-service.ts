import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import type { WebServiceName } from '../contract/door.ts';
import type { SharedRoom } from '../core/bounds/shared-room.ts';
import type { Clock } from '../ports/clock.ts';
import type { ForeignClient } from '../ports/gateway.ts';
import type { Log } from '../ports/log.ts';
import type { Random } from '../ports/random.ts';

/** One protocol that is spoken on the port of a web door. */
export interface WebService {
  /** as in figures and settings */
  readonly name: WebServiceName;
  /** Takes its paths. Called once, before the port is open. */
  attach(host: WebHost): Promise<void>;
  /** Lets go of whoever is connected, within half a second. Never rejects. */
  stop(): Promise<void>;
}

export type TakeUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
export type TakeRequest = (request: IncomingMessage, response: ServerResponse) => void;

/** Who comes by a web door. */
export interface WebGuestNames {
  /** what it calls itself, for people: `WebSocket 10.0.0.5` */
  readonly name: string;
  /** what it shows, where that does not stand in the request's Authorization */
  readonly token?: string | undefined;
  /** of several connections that are one client: its source stands for it, without a port */
  readonly isShared?: boolean;
}

/** The port of a web door, as its services have it. Every request and upgrade that reaches a service has a Host of this machine
 *  and no Origin, or an allowed one; pages from there get their CORS headers and preflights without the service. */
export interface WebHost {
  /** Node's, of http or https */
  readonly server: Server;
  /** for routes; a body comes as bytes, whatever type it is said to have */
  readonly app: FastifyInstance;
  /** Requests to this path go there and not to `app`, their bodies unread. @param path `/x` itself; `/x/` all below it too */
  onRequest(path: string, run: TakeRequest): void;
  /** Upgrades to this path go there; those to others are answered with 404. @param path as for `onRequest` */
  onUpgrade(path: string, run: TakeUpgrade): void;
  /** Lets somebody in as a session. The token is the one given, or that of `Authorization: Bearer`.
   *  @throws as `AdmitForeign` */
  admit(request: IncomingMessage, who: WebGuestNames): Promise<ForeignClient>;
  /** Counts what never reached the router. @param because a word: `slow`, `messages` */
  refuse(because: string): void;
  /** bytes that are kept for all clients of the door together, beside what each may keep */
  readonly room: SharedRoom;
  /** the address that all others are under; empty for none */
  readonly prefix: string;
  /** what is set or happens where a client names only an address */
  readonly plain: 'param' | 'event';
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}
