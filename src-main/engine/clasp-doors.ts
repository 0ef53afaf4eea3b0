import type { DoorSettings, OpenDoor } from '../contract/door.ts';
import type { Router } from '../core/router/router.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Listening, Transport } from '../ports/transport.ts';
import { createTransport, type TransportNeeds } from '../transports/catalogue.ts';
import { createWebSocketTransport } from '../transports/websocket/websocket-transport.ts';
import type { AccessList } from './access-list.ts';
import type { MachineIdentity } from './machine-identity.ts';

interface ClaspDoorsOptions {
  readonly host: string;
  /** of the WebSocket port */
  readonly port: number;
  /** the others */
  readonly transports: readonly DoorSettings[];
  readonly router: Router;
  readonly access: AccessList;
  readonly identityOf: MachineIdentity;
  readonly clock: Clock;
  readonly log: Log;
  readonly onRefused: () => void;
}

/** What came in by one door. */
export interface DoorFigures extends OpenDoor {
  /** connected now */
  readonly connections: number;
  /** since it was opened */
  readonly acceptedTotal: number;
  /** what never reached the router, by why */
  readonly refused: Readonly<Record<string, number>>;
}

export interface ClaspDoors {
  /** the WebSocket port, then the others as they were asked for */
  readonly open: readonly OpenDoor[];
  /** of the WebSocket port */
  readonly url: string;
  readonly figures: () => readonly DoorFigures[];
  readonly stop: () => Promise<void>;
}

/** Lets CLASP clients in: over WebSocket, web pages only from origins that pass or were allowed, and by whatever else was asked
 *  for. All lead into one router.
 *  @throws UnavailableError 'port-in-use' | 'cannot-open-port'; nothing stays open then */
export async function openClaspDoors(options: ClaspDoorsOptions): Promise<ClaspDoors> {
  const { router, transports, access, onRefused } = options;
  const needs: TransportNeeds = {
    ...options,
    isAllowedOrigin: (origin) => access.allows(origin),
    onRefused: ({ because, text }) => {
      onRefused();
      if (because === 'origin') access.refused(text);
    },
  };
  const listening: Listening[] = [];
  const figures: (() => DoorFigures)[] = [];
  const enter = async (kind: OpenDoor['kind'], transport: Transport): Promise<string> => {
    let connections = 0;
    let acceptedTotal = 0;
    const door = await transport.listen((connection) => {
      acceptedTotal++;
      connections++;
      connection.onClose(() => connections--);
      router.accept(connection);
    });
    listening.push(door);
    const { url } = door;
    figures.push(() => ({ kind, url, connections, acceptedTotal, refused: transport.refused?.() ?? {} }));
    return url;
  };
  const stopAll = async (): Promise<void> => {
    await Promise.all(listening.map(({ stop }) => stop()));
  };
  try {
    const url = await enter('websocket', createWebSocketTransport({ ...needs, port: options.port }));
    for (const settings of transports) await enter(settings.kind, await createTransport(settings, needs));
    const stop = async (): Promise<void> => {
      router.close('Flyrail stops');
      await stopAll();
    };
    const open = figures.map((each): OpenDoor => each());
    return { open, url, figures: () => figures.map((each) => each()), stop };
  } catch (error) {
    await stopAll();
    throw error;
  }
}
