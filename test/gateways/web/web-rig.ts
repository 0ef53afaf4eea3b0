import { request as plainRequest, type IncomingHttpHeaders } from 'node:http';
import { parsePattern } from '../../../src-main/contract/address.ts';
import type { Signal } from '../../../src-main/contract/signal.ts';
import { createRouter, type Router } from '../../../src-main/core/router/router.ts';
import { createAdmit } from '../../../src-main/engine/foreign-clients.ts';
import { openWebGateway, type WebGateway, type WebGatewayOptions } from '../../../src-main/gateways/web/web-gateway.ts';
import { createSystemClock } from '../../../src-main/platform/system-clock.ts';
import { createSystemRandom } from '../../../src-main/platform/system-random.ts';
import { silentLog } from '../../silent-log.ts';

export const webWorld = { clock: createSystemClock(), random: createSystemRandom(), log: silentLog };

export function newRouter(): Router {
  return createRouter({ ...webWorld, name: 'Flyrail', defer: setImmediate });
}

/** A web door on 127.0.0.1 before a router, with what the test names of it. */
export function openWebDoor(
  router: Router,
  some: Partial<WebGatewayOptions> & Pick<WebGatewayOptions, 'services'>,
): Promise<WebGateway> {
  return openWebGateway({
    ...webWorld,
    ...{ host: '127.0.0.1', port: 0, identity: undefined, prefix: '', origins: [] },
    admit: createAdmit((connection) => router.accept(connection), webWorld),
    isAllowedOrigin: () => false,
    onRefused: () => undefined,
    ...some,
  });
}

export interface WebAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

export interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** One request on a connection of its own, its path as it is written. */
export function ask(url: string, path: string, { method = 'GET', headers = {}, body }: Asked = {}): Promise<WebAnswer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const request = plainRequest({ host: hostname, port, path, method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text: Buffer.concat(chunks).toString('utf8'),
        }),
      );
    });
    request.on('error', reject);
    request.end(body);
  });
}

/** A desk beside the door, and all that the router passed on. */
export function openDesk(router: Router) {
  const heard: Signal[] = [];
  const listen = router.openLocal('test');
  listen.subscribe(parsePattern('/**'), (deliveries) => heard.push(...deliveries.map(({ signal }) => signal)));
  return { heard, local: router.openLocal('desk') };
}
