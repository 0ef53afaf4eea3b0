import type { Router } from '../core/router/router.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Listening } from '../ports/transport.ts';
import { createWebSocketTransport } from '../transports/websocket/websocket-transport.ts';
import type { AccessList } from './access-list.ts';

interface ClaspDoorOptions {
  readonly host: string;
  readonly port: number;
  readonly router: Router;
  readonly access: AccessList;
  readonly clock: Clock;
  readonly log: Log;
  readonly onRefused: () => void;
}

/** Lets CLASP clients in over WebSocket; web pages only from origins that pass or were allowed.
 *  @throws UnavailableError 'port-in-use' | 'cannot-open-port' */
export async function openClaspDoor({
  host,
  port,
  router,
  access,
  clock,
  log,
  onRefused,
}: ClaspDoorOptions): Promise<Listening> {
  const transport = createWebSocketTransport({
    host,
    port,
    clock,
    log,
    isAllowedOrigin: (origin) => access.allows(origin),
    onRefused: ({ because, text }) => {
      onRefused();
      if (because === 'origin') access.refused(text);
    },
  });
  const listening = await transport.listen((connection) => {
    router.accept(connection);
  });
  return {
    url: listening.url,
    stop: async () => {
      router.close('Flyrail stops');
      await listening.stop();
    },
  };
}
