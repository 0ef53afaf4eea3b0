import { Socket, connect as connectPlain, isIP } from 'node:net';
import { connect as connectSecurely } from 'node:tls';
import { connect, MqttClient, type IClientOptions } from 'mqtt';
import { agentFrom, dialFrom, endWithCard, type DialFrom } from '../../platform/card-dial.ts';
import type { DialCard } from '../../ports/dial-card.ts';

/** What the library is told of a broker by a URL that was read already. */
export interface DialledOptions extends IClientOptions {
  readonly protocol: 'mqtt' | 'mqtts' | 'ws' | 'wss';
  /** a name or an address, without brackets */
  readonly host: string;
}

/** The library's `connect`, from a network card: it is looked up each time that the library dials, and where it is missing that
 *  is an error of the connection.
 *  @param options are the client's from here on */
export function connectFrom(card: DialCard, options: DialledOptions): MqttClient {
  const { protocol } = options;
  if (card.networkCard === '') return connect(options);
  if (protocol === 'ws' || protocol === 'wss')
    return connect({ ...options, wsOptions: { agent: agentFrom(card, protocol === 'wss') } });
  // The library hands no address of ours on to TCP.
  return new MqttClient(() => dial(card, options), options);
}

function dial(card: DialCard, options: DialledOptions): Socket {
  const { protocol, host, cert, key } = options;
  try {
    // As the library has it, who shows a certificate wants TLS.
    const isSecure = protocol === 'mqtts' || (cert !== undefined && key !== undefined);
    const from = dialFrom(card, host);
    const dialled = isSecure
      ? dialSecurely(options, from)
      : connectPlain({ host, port: options.port ?? 1883, ...from });
    return endWithCard(dialled, card, from);
  } catch (error) {
    return new Socket().destroy(error as Error);
  }
}

function dialSecurely(options: DialledOptions, from: DialFrom): Socket {
  const { host, port = 8883 } = options;
  const { path: _path, ...login } = options;
  return connectSecurely({ ...login, port, ...(isIP(host) === 0 && { servername: host }), ...from });
}
