import packageJson from '../../package.json' with { type: 'json' };
import { webServices, type ForeignDoorSettings } from '../contract/door.ts';
import { UnavailableError } from '../contract/errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { AdmitForeign, Gateway } from '../ports/gateway.ts';
import type { Log } from '../ports/log.ts';
import type { Random } from '../ports/random.ts';
import type { Transport } from '../ports/transport.ts';
import type { TransportNeeds } from '../transports/catalogue.ts';
import { createAdmit } from './foreign-clients.ts';
import type { SentRates } from './sent-rates.ts';
import { createWebServices } from './web-services.ts';

interface Around extends Pick<TransportNeeds, 'host' | 'identityOf' | 'isAllowedOrigin' | 'onRefused'> {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly sentRates?: SentRates;
}

interface CountingGateway extends Gateway {
  refused(): Readonly<Record<string, number>>;
}

type WebSettings = Extract<ForeignDoorSettings, { kind: 'http' | 'https' }>;
type MqttSettings = Exclude<ForeignDoorSettings, WebSettings>;

/** A gateway as a way in like the others: each of its clients is a connection that the router accepts, so it is switched, bounded by
 *  scopes and counted as they are. Its library is loaded when it is opened. */
export function createForeignDoor(settings: ForeignDoorSettings, around: Around): Transport {
  let refused: () => Readonly<Record<string, number>> = () => ({});
  return {
    listen: async (accept) => {
      const admit = createAdmit(accept, around);
      const isWeb = settings.kind === 'http' || settings.kind === 'https';
      const gateway = await (isWeb ? openWeb(settings, admit, around) : openMqtt(settings, admit, around));
      refused = () => gateway.refused();
      return { url: gateway.url, stop: gateway.stop };
    },
    dial: () => Promise.reject(new UnavailableError('cannot-open-port', 'CLASP is not spoken there.')),
    abandon: () => undefined,
    refused: () => refused(),
  } as Transport;
}

async function openMqtt(settings: MqttSettings, admit: AdmitForeign, around: Around): Promise<CountingGateway> {
  const { openMqttGateway } = await import('../gateways/mqtt/mqtt-gateway.ts');
  const { port, host = around.host, prefix = '', plain = 'param' } = settings;
  const identity = settings.kind === 'mqtts' ? await around.identityOf(settings) : undefined;
  const { version } = packageJson;
  return openMqttGateway({ ...around, version, host, port, prefix, plain, identity, admit });
}

async function openWeb(settings: WebSettings, admit: AdmitForeign, around: Around): Promise<CountingGateway> {
  const { openWebGateway } = await import('../gateways/web/web-gateway.ts');
  const { port, host = around.host, prefix = '', plain, origins = [] } = settings;
  const identity = settings.kind === 'https' ? await around.identityOf(settings) : undefined;
  const services = await createWebServices(settings.services ?? webServices);
  return openWebGateway({ ...around, host, port, prefix, plain, origins, services, identity, admit });
}
