import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ServerOptions, WebSocket } from 'ws';
import { millis, type Millis } from '../../../contract/units.ts';
import { KeepAlive } from '../../../platform/keep-alive.ts';
import type { JsonNumbers } from '../../../platform/json-value.ts';
import { FairSocketServer } from '../../fair-socket-server.ts';
import type { WebHost, WebService } from '../../web-service.ts';
import { webLimits } from '../web-limits.ts';
import { closeCode } from './close-codes.ts';
import type { DoorFormat } from './door-messages.ts';
import { WebSocketClient } from './websocket-client.ts';

export interface WebSocketServiceLimits {
  /** one message of a client */
  readonly messageBytesMax: number;
  /** a client that says nothing comes in as who shows no token */
  readonly helloTimeout: Millis;
  /** silent for two of them: gone */
  readonly pingInterval: Millis;
}

const limitsByDefault: WebSocketServiceLimits = {
  messageBytesMax: webLimits.bodyBytesMax,
  helloTimeout: millis(10_000),
  pingInterval: millis(15_000),
};

const path = '/ws';
const formats: Readonly<Record<string, DoorFormat>> = { 'flyrail.json': 'json', 'flyrail.msgpack': 'msgpack' };
const goodbyeMs = 300;

/** JSON and MessagePack over WebSocket at `/ws` of a web door. @see docs/websocket-door.md */
export function createWebSocketService(limits: Partial<WebSocketServiceLimits> = {}): WebService {
  return new WebSocketService({ ...limitsByDefault, ...limits });
}

class WebSocketService implements WebService {
  readonly name = 'websocket';
  readonly #limits: WebSocketServiceLimits;
  readonly #server: FairSocketServer;
  readonly #clients = new Set<WebSocketClient>();
  #keepAlive: KeepAlive | undefined;
  #host: WebHost | undefined;
  #onEmpty: () => void = () => undefined;

  constructor(limits: WebSocketServiceLimits) {
    this.#limits = limits;
    this.#server = new FairSocketServer(serverOptions(limits));
  }

  attach(host: WebHost): Promise<void> {
    this.#host = host;
    this.#keepAlive = new KeepAlive(host.clock, this.#limits.pingInterval);
    host.onUpgrade(path, (request, socket, head) => {
      this.#server.handleUpgrade(request, socket, head, (webSocket) => this.#take(webSocket, request, socket));
    });
    return Promise.resolve();
  }

  stop(): Promise<void> {
    for (const client of this.#clients) client.end(closeCode.goingAway, 'This way in is shut.');
    const { clock } = this.#host ?? {};
    if (this.#clients.size === 0 || !clock) return Promise.resolve();
    return new Promise((resolve) => {
      const cancel = clock.after(millis(goodbyeMs), resolve);
      this.#onEmpty = () => {
        cancel();
        resolve();
      };
    });
  }

  #take(webSocket: WebSocket, request: IncomingMessage, socket: Duplex): void {
    const host = this.#host;
    if (!host) return webSocket.terminate();
    const query = new URLSearchParams((request.url ?? '').split('?')[1] ?? '');
    const asked = query.get('format') ?? '';
    const format = formats[webSocket.protocol] ?? (asked === 'json' || asked === 'msgpack' ? asked : undefined);
    const numbers: JsonNumbers = query.get('numbers') === 'written' ? 'written' : 'float';
    const client = new WebSocketClient({ webSocket, socket, request, host, format, numbers });
    this.#clients.add(client);
    this.#keepAlive?.add(client);
    const cancel = host.clock.after(this.#limits.helloTimeout, () => client.letInUnasked());
    webSocket.on('close', () => {
      cancel();
      this.#keepAlive?.remove(client);
      this.#clients.delete(client);
      if (this.#clients.size === 0) this.#onEmpty();
    });
  }
}

/** `closeTimeout` is newer than the library's type declarations. */
function serverOptions({ messageBytesMax }: WebSocketServiceLimits): ServerOptions & { readonly closeTimeout: number } {
  return {
    noServer: true,
    clientTracking: false,
    maxPayload: messageBytesMax,
    closeTimeout: 5000,
    handleProtocols: (offered) => [...offered].find((name) => name in formats) ?? false,
  };
}
