import { once } from 'node:events';
import { createServer as createWebServer, type RequestListener } from 'node:http';
import { createServer as createSecureWebServer } from 'node:https';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import { createServer as createSecureServer } from 'node:tls';
import { Aedes } from 'aedes';
import { Server as SocketioServer } from 'socket.io';
import { WebSocketServer, createWebSocketStream } from 'ws';
import {
  makeAuthority,
  makeServerCertificate,
  type CertificatePair,
} from '../../src-main/platform/certificate-maker.ts';
import { temporaryFolder } from '../temporary-folder.ts';

export type Scheme = 'mqtt' | 'mqtts' | 'ws' | 'wss' | 'http' | 'https';
export type Service = 'mqtt' | 'websocket' | 'socketio' | 'rest';

let pair: Promise<{ readonly caFile: string; readonly server: CertificatePair }> | undefined;

/** One for all servers of a file of tests; the authority is a file. */
function certificates() {
  pair ??= (async () => {
    const now = Date.now();
    const authority = await makeAuthority('Flyrail test', now);
    const caFile = join(temporaryFolder(), 'ca.pem');
    writeFileSync(caFile, authority.cert);
    return { caFile, server: await makeServerCertificate(authority, ['127.0.0.1'], now) };
  })();
  return pair;
}

/** A server on loopback that notes from where it is dialled. */
export class DialledServer {
  /** each address once, in the order in which they came first */
  readonly seen = new Set<string>();
  /** how often */
  dialled = 0;
  readonly caFile: string;
  readonly url: string;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server, scheme: Scheme, caFile: string) {
    this.#server = server;
    this.caFile = caFile;
    this.url = `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`;
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
      this.dialled++;
      this.seen.add(socket.remoteAddress ?? '');
    });
  }

  static async listen(service: Service, scheme: Scheme): Promise<DialledServer> {
    const { caFile, server: identity } = await certificates();
    const server = await make(service, scheme, identity);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new DialledServer(server, scheme, caFile);
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }
}

async function make(service: Service, scheme: Scheme, identity: CertificatePair): Promise<Server> {
  const broker = service === 'mqtt' ? await Aedes.createBroker() : undefined;
  const handle = (socket: Socket): void => void broker?.handle(socket);
  if (scheme === 'mqtt') return createServer(handle);
  if (scheme === 'mqtts') return createSecureServer(identity, handle);
  const answer: RequestListener = (_request, response) => void response.end('1');
  const listener = service === 'rest' ? [answer] : [];
  const isSecure = scheme === 'wss' || scheme === 'https';
  const server = isSecure ? createSecureWebServer(identity, ...listener) : createWebServer(...listener);
  if (service === 'socketio') new SocketioServer(server);
  else if (service !== 'rest')
    new WebSocketServer({ server }).on('connection', (client) => broker?.handle(createWebSocketStream(client)));
  return server;
}
