import type { TargetName } from '../targets/target.ts';
import { claspDialect } from './clasp-dialect.ts';
import type { Dialect } from './dialect.ts';
import { mqttDialect } from './mqtt-dialect.ts';
import { natsDialect } from './nats-dialect.ts';

/** @throws Error for what has no clients, such as the echo servers */
export function dialectOf(target: TargetName): Dialect {
  switch (target) {
    case 'flyrail':
    case 'flyrail-state':
    case 'flyrail-full':
    case 'flyrail-access':
    case 'flyrail-rates':
    case 'flyrail-tls':
    case 'flyrail-doors':
      return claspDialect;
    case 'nats':
      return natsDialect;
    case 'mosquitto':
    case 'aedes':
      return mqttDialect;
    case 'echo':
    case 'node-echo':
    case 'node-osc':
    case 'node-sacn':
    case 'node-artnet':
    case 'node-midi':
    case 'node-hid':
    case 'node-serial':
    case 'node-mqtt':
    case 'node-websocket':
    case 'node-socketio':
    case 'node-http-poll':
    case 'node-http-webhook':
    case 'none':
      throw new Error(`${target} speaks no dialect`);
    default:
      return target satisfies never;
  }
}
