import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AppError, InputError } from '../../contract/errors.ts';
import { millis } from '../../contract/units.ts';
import { SharedRoom } from '../../core/bounds/shared-room.ts';
import { settleWithin } from '../../core/retry/settle-within.ts';
import { ArrivingSockets } from '../../platform/arriving-sockets.ts';
import { dialledHost, openPort } from '../../platform/open-port.ts';
import type { Clock } from '../../ports/clock.ts';
import type { AdmitForeign, ForeignClient, Gateway } from '../../ports/gateway.ts';
import type { Log } from '../../ports/log.ts';
import type { Random } from '../../ports/random.ts';
import { ConnectionBounds } from '../connection-bounds.ts';
import type { TakeRequest, TakeUpgrade, WebGuestNames, WebHost, WebService } from '../web-service.ts';
import { AnswersInTurn, tooManyAnswers } from './answers-in-turn.ts';
import { PathTable } from './path-table.ts';
import { endWithProblem, problemBody, problemHeaders, problemOf, problemOfBroken, type Problem } from './problem.ts';
import { formFault, toOriginForm, upgradeOnly } from './request-form.ts';
import { WebGate, type GateFault } from './web-gate.ts';
import { webLimits, type WebLimits } from './web-limits.ts';
import { createWebServer } from './web-server.ts';
import { bearerOf, forNoToken } from './web-token.ts';

export interface WebGatewayOptions {
  readonly host: string;
  /** 0 picks a free one */
  readonly port: number;
  /** undefined: no TLS */
  readonly identity: { readonly cert: string; readonly key: string } | undefined;
  /** the address that all others are under; empty for none */
  readonly prefix: string;
  /** what is set or happens where a client names only an address; it sets without */
  readonly plain?: 'param' | 'event' | undefined;
  /** pages from there may ask; `*`: all */
  readonly origins: readonly string[];
  readonly services: readonly WebService[];
  readonly admit: AdmitForeign;
  /** whether this machine allows pages from there at every way in */
  readonly isAllowedOrigin: (origin: string) => boolean;
  /** told of every page that was refused */
  readonly onRefused: (refusal: { readonly because: GateFault; readonly text: string }) => void;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly limits?: Partial<WebLimits>;
}

export interface WebGateway extends Gateway {
  /** Requests and messages that never reached the router, by why. */
  refused(): Readonly<Record<string, number>>;
}

const stopLimit = millis(700);

/** One port for all who come by the web: its services share it, its certificate, its bounds and its judgement of pages.
 *  @throws UnavailableError 'port-in-use' | 'cannot-open-port' */
export async function openWebGateway(options: WebGatewayOptions): Promise<WebGateway> {
  const door = new WebDoor(options);
  const url = await door.open();
  return { url, stop: () => door.stop(), refused: () => door.refused() };
}

/** The port of a web door: bounds and the gate first, then whichever service has the path. */
class WebDoor {
  readonly #options: WebGatewayOptions;
  readonly #limits: WebLimits;
  readonly #bounds: ConnectionBounds;
  readonly #gate: WebGate;
  readonly #requests = new PathTable<TakeRequest>();
  readonly #upgrades = new PathTable<TakeUpgrade>();
  readonly #refused = new Map<string, number>();
  readonly #answers = new AnswersInTurn();
  readonly #room: SharedRoom;
  #server: Server | undefined;
  #app: FastifyInstance | undefined;
  #sockets: ArrivingSockets | undefined;
  #stopped: Promise<void> | undefined;

  constructor(options: WebGatewayOptions) {
    this.#options = options;
    this.#limits = { ...webLimits, ...options.limits };
    this.#bounds = new ConnectionBounds(this.#limits);
    this.#room = new SharedRoom(this.#limits.keptBytesMax);
    this.#gate = new WebGate({ ...options, isSecure: options.identity !== undefined });
  }

  /** @returns its URL
   *  @throws UnavailableError 'port-in-use' | 'cannot-open-port' */
  async open(): Promise<string> {
    const { services, host, port, log, identity } = this.#options;
    const { fastify } = await import('fastify');
    const app = fastify({
      serverFactory: (answer) => this.#makeServer(answer),
      bodyLimit: this.#limits.bodyBytesMax,
      clientErrorHandler: (error, socket) => this.#refuseBroken(error, socket),
      frameworkErrors: (error, request, reply) => this.#answerError(error, request, reply),
    });
    this.#app = app;
    this.#prepare(app);
    const server = app.server;
    for (const service of services) await service.attach(this.#hostOf(app, server));
    await app.ready();
    try {
      const address = await openPort(server, { host, port, log, failure: 'web server error' });
      return `${identity ? 'https' : 'http'}://${dialledHost(address)}:${address.port}`;
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** Requests and messages that never reached the router, by why. */
  refused(): Readonly<Record<string, number>> {
    const { refusedTotal } = this.#bounds;
    return { ...Object.fromEntries(this.#refused), ...(refusedTotal > 0 && { connections: refusedTotal }) };
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    const { services, clock } = this.#options;
    const closed = new Promise<void>((resolve) => {
      if (this.#server) this.#server.close(() => resolve());
      else resolve();
    });
    await settleWithin(clock, stopLimit, Promise.all(services.map((service) => service.stop())));
    this.#sockets?.destroyAll();
    await settleWithin(clock, stopLimit, Promise.allSettled([closed, this.#app?.close()]));
  }

  #makeServer(answer: TakeRequest): Server {
    const take: TakeRequest = (request, response) => this.#takeRequest(request, response, answer);
    const server = createWebServer({ identity: this.#options.identity, limits: this.#limits, take });
    server.on('checkContinue', (request, response) => {
      if (this.#isWanted(request)) response.writeContinue();
      take(request, response);
    });
    server.on('connection', (socket) => {
      socket.on('error', () => undefined);
      this.#bounds.enter(socket);
    });
    // What a handshake fails at is the other's.
    server.on('tlsClientError', () => this.#refuse('tls'));
    server.on('upgrade', (request, socket, head) => this.#takeUpgrade(request, socket, head));
    this.#sockets = new ArrivingSockets(server);
    this.#server = server;
    return server;
  }

  /** Bodies come as bytes, and whatever is thrown is told as a problem. */
  #prepare(app: FastifyInstance): void {
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    app.setErrorHandler((error, request, reply) => this.#answerError(error, request, reply));
    app.setNotFoundHandler(() => {
      this.#refuse('path');
      throw new AppError('unknown-address', 'There is nothing at this path; docs/http-door.md lists what there is.');
    });
  }

  #answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const problem = problemOf(error);
    // Nothing there, or changed meanwhile, is an answer.
    if (problem.status !== 404 && problem.status !== 412) this.#refuse(problem.code);
    if (problem.code === 'internal') this.#options.log.error('a web request failed inside', { error });
    void reply.code(problem.status).headers(problemHeaders(problem, request.raw)).send(problemBody(problem));
  }

  #hostOf(app: FastifyInstance, server: Server): WebHost {
    const { prefix, plain = 'param', clock, random, log } = this.#options;
    return {
      ...{ app, server, prefix, plain, clock, random, log, room: this.#room },
      onRequest: (path, run) => this.#requests.set(path, run),
      onUpgrade: (path, run) => this.#upgrades.set(path, run),
      admit: (request, who) => this.#admit(request, who),
      refuse: (because) => this.#refuse(because),
    };
  }

  #admit(
    request: IncomingMessage,
    { name, token = bearerOf(request), isShared }: WebGuestNames,
  ): Promise<ForeignClient> {
    const { remoteAddress = '', remotePort = 0 } = request.socket;
    const host = remoteAddress.includes(':') ? `[${remoteAddress}]` : remoteAddress;
    const place = isShared ? host : `${host}:${remotePort}`;
    const from = `${this.#options.identity ? 'https' : 'http'} ${place}`;
    const shown = token === '' ? undefined : token;
    return this.#options.admit({ from, name: name.slice(0, 200), token: shown }).catch((error: unknown) => {
      throw shown === undefined ? forNoToken(error) : error;
    });
  }

  #takeRequest(request: IncomingMessage, response: ServerResponse, answer: TakeRequest): void {
    this.#answers.enter(request.socket, response, (isWithin) => {
      const problem = this.#problemIn(request, isWithin);
      if (problem) refuse(request, response, problem);
      else if (!this.#gate.answerPage(request, response))
        (this.#requests.find(request.url) ?? answer)(request, response);
    });
  }

  /** Why a request reaches no service. */
  #problemIn(request: IncomingMessage, isWithin: boolean): Problem | undefined {
    toOriginForm(request);
    const fault = this.#gate.faultIn(request);
    if (fault) return problemOf(this.#note(fault, request));
    const { url } = request;
    const isUpgradeOnly = !this.#requests.find(url) && this.#upgrades.find(url) !== undefined;
    const problem = isWithin ? (formFault(request) ?? (isUpgradeOnly ? upgradeOnly : undefined)) : tooManyAnswers;
    if (problem) this.#refuse(problem.code);
    return problem;
  }

  /** Whether the body of a request that asks first, with `Expect: 100-continue`, would be read. */
  #isWanted(request: IncomingMessage): boolean {
    toOriginForm(request);
    return !this.#gate.faultIn(request) && !(Number(request.headers['content-length']) > this.#limits.bodyBytesMax);
  }

  #takeUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    toOriginForm(request);
    // What is on its way there would come between its messages.
    if (this.#answers.isAny(socket)) return this.#cut(socket);
    const fault = this.#gate.faultIn(request);
    if (fault) return endWithProblem(socket, problemOf(this.#note(fault, request)));
    const run = this.#upgrades.find(request.url);
    if (run) return run(request, socket, head);
    this.#refuse('path');
    endWithProblem(socket, { status: 404, code: 'unknown-address', detail: 'No WebSocket is spoken at this path.' });
  }

  #cut(socket: Duplex): void {
    this.#refuse('broken');
    socket.destroy();
  }

  #note(because: GateFault, { headers }: IncomingMessage): InputError {
    this.#refuse(because);
    this.#options.onRefused({ because, text: (because === 'host' ? headers.host : headers.origin) ?? '' });
    const words = {
      host: 'This Host is no name of this machine.',
      origin: 'Pages from this Origin are not allowed here.',
    };
    return new InputError('access-refused', words[because]);
  }

  #refuseBroken(error: Error, socket: Socket): void {
    const code = 'code' in error ? String(error.code) : '';
    // The other has gone by itself.
    if (code === 'ECONNRESET' || socket.destroyed) return void socket.destroy();
    if (this.#answers.isAny(socket)) return this.#cut(socket);
    this.#refuse('broken');
    endWithProblem(socket, problemOfBroken(code));
  }

  #refuse(because: string): void {
    this.#refused.set(because, (this.#refused.get(because) ?? 0) + 1);
  }
}

function refuse(request: IncomingMessage, response: ServerResponse, problem: Problem): void {
  response.writeHead(problem.status, { connection: 'close', ...problemHeaders(problem, request) });
  response.end(problemBody(problem));
}
