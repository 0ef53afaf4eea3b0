import packageJson from '../../package.json' with { type: 'json' };
import type { DoorSettings } from '../contract/door.ts';
import { UnavailableError } from '../contract/errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Random } from '../ports/random.ts';
import type { Transport } from '../ports/transport.ts';
import type { TransportNeeds } from '../transports/catalogue.ts';
import { createAdmit } from './foreign-clients.ts';

type ForeignDoorSettings = Extract<DoorSettings, { kind: 'mqtt' | 'mqtts' }>;

interface Around extends Pick<TransportNeeds, 'host' | 'identityOf'> {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** A gateway as a way in like the others: each of its clients is a connection that the router accepts, so it is switched, bounded by
 *  scopes and counted as they are. Its library is loaded when it is opened. */
export function createForeignDoor(settings: ForeignDoorSettings, around: Around): Transport {
  let refused: () => Readonly<Record<string, number>> = () => ({});
  return {
    listen: async (accept) => {
      const { openMqttGateway } = await import('../gateways/mqtt/mqtt-gateway.ts');
      const { port, host = around.host, prefix = '', plain = 'param' } = settings;
      const identity = settings.kind === 'mqtts' ? await around.identityOf(settings) : undefined;
      const admit = createAdmit(accept, around);
      const gateway = await openMqttGateway({ ...around, version: packageJson.version, host, port, prefix, plain, identity, admit });
      refused = () => gateway.refused();
      return { url: gateway.url, stop: gateway.stop };
    },
    dial: () => Promise.reject(new UnavailableError('cannot-open-port', 'CLASP is not spoken there.')),
    abandon: () => undefined,
    refused: () => refused(),
  } as Transport;
}
