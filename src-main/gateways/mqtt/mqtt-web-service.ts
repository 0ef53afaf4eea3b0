import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { createWebSocketStream, type WebSocket } from 'ws';
import { FairSocketServer } from '../fair-socket-server.ts';
import type { WebHost, WebService } from '../web-service.ts';
import { MqttBroker, packetBytesMax } from './mqtt-broker.ts';

/** As registered for WebSocket: of 3.1.1, and of 3.1 before it. */
const protocols = ['mqtt', 'mqttv3.1'];
/** [RFC 6455, 7.4.1] a kind of data that is not taken */
const badData = 1003;

/** MQTT over WebSocket at `/mqtt`, for pages above all: the same broker as behind the TCP port, with sessions of its own.
 *  @param version of Flyrail
 *  @see MQTT 3.1.1, 6 */
export function createMqttWebService(version: string): WebService {
  let broker: MqttBroker | undefined;
  return {
    name: 'mqtt',
    attach: async (host) => {
      const { prefix, clock, log } = host;
      const onCounted = (because: string): void => host.refuse(because);
      const opened = new MqttBroker({ prefix, plain: 'param', version, clock, log, onCounted });
      broker = opened;
      await opened.open();
      const upgrades = new FairSocketServer({
        noServer: true,
        maxPayload: packetBytesMax,
        handleProtocols: (offered) => protocols.find((name) => offered.has(name)) ?? false,
      });
      host.onUpgrade('/mqtt', (request, socket, head) => {
        if (!offersMqtt(request)) return refuse(socket, host);
        upgrades.handleUpgrade(request, socket, head, (webSocket) => take(opened, host, { webSocket, request }));
      });
    },
    stop: async () => await broker?.stop(),
  };
}

function take(
  broker: MqttBroker,
  host: WebHost,
  { webSocket, request }: { readonly webSocket: WebSocket; readonly request: IncomingMessage },
): void {
  webSocket.on('error', () => undefined);
  // [MQTT 3.1.1, 6.0.0-1]
  webSocket.on('message', (_data, isBinary) => {
    if (isBinary) return;
    host.refuse('packets');
    webSocket.close(badData, 'MQTT comes in binary frames.');
  });
  // The password alone is who it is, since its session is known by it.
  broker.handle(createWebSocketStream(webSocket), ({ name, token = '' }) => host.admit(request, { name, token }));
}

/** [MQTT 3.1.1, 6.0.0-3] */
function offersMqtt({ headers }: IncomingMessage): boolean {
  const offered = (headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
  return offered.some((name) => protocols.includes(name));
}

function refuse(socket: Duplex, host: WebHost): void {
  host.refuse('protocol');
  const words = 'Expected the WebSocket subprotocol mqtt.\n';
  const head = ['HTTP/1.1 400 Bad Request', 'Connection: close', 'Content-Type: text/plain; charset=utf-8'];
  socket.end([...head, `Content-Length: ${words.length}`, '', words].join('\r\n'));
}
