import { connectAsync, type IClientOptions, type MqttClient } from 'mqtt';
import { createRouter, type Router } from '../../../src-main/core/router/router.ts';
import { createAdmit } from '../../../src-main/engine/foreign-clients.ts';
import { openMqttGateway, type MqttGateway } from '../../../src-main/gateways/mqtt/mqtt-gateway.ts';
import { createSystemClock } from '../../../src-main/platform/system-clock.ts';
import { createSystemRandom } from '../../../src-main/platform/system-random.ts';
import { silentLog } from '../../silent-log.ts';

export const world = { clock: createSystemClock(), random: createSystemRandom(), log: silentLog };

export const newRouter = (): Router => createRouter({ ...world, name: 'Flyrail', defer: setImmediate });

export const openAt = (
  router: Router,
  some: Partial<Parameters<typeof openMqttGateway>[0]> = {},
): Promise<MqttGateway> =>
  openMqttGateway({
    ...world,
    ...{ host: '127.0.0.1', port: 0, identity: undefined, prefix: '', plain: 'param', version: '1.2.3' },
    admit: createAdmit((connection) => router.accept(connection), world),
    ...some,
  });

export type Got = [topic: string, payload: string, retain: boolean, qos: number];

/** MQTT.js at a door. */
export async function joinDoor(url: string, options: IClientOptions = {}) {
  const client: MqttClient = await connectAsync(url, { reconnectPeriod: 0, ...options });
  const got: Got[] = [];
  client.on('message', (topic, payload, { retain, qos }) => got.push([topic, payload.toString(), retain, qos]));
  client.on('error', () => undefined);
  return { client, got };
}
