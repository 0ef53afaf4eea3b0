import packageJson from '../../package.json' with { type: 'json' };
import type { WebServiceName } from '../contract/door.ts';
import type { WebService } from '../gateways/web-service.ts';

type Load = () => Promise<WebService>;

/** Every service of a web door. Each is loaded when a door that has it is opened. */
const services: Partial<Record<WebServiceName, Load>> = {
  rest: async () => (await import('../gateways/web/rest/rest-service.ts')).createRestService(),
  websocket: async () => (await import('../gateways/web/websocket/websocket-service.ts')).createWebSocketService(),
  socketio: async () => (await import('../gateways/web/socketio/socketio-service.ts')).createSocketioService(),
  mqtt: async () => (await import('../gateways/mqtt/mqtt-web-service.ts')).createMqttWebService(packageJson.version),
};

/** Makes those that are named. */
export function createWebServices(names: readonly WebServiceName[]): Promise<WebService[]> {
  return Promise.all(names.flatMap((name) => services[name]?.() ?? []));
}
