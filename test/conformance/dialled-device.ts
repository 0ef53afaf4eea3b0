import { setTimeout as delay } from 'node:timers/promises';
import type { Bridge } from '../../src-main/ports/bridge.ts';
import { until } from '../until.ts';
import { CountingClock } from './bridge.ts';
import type { DeviceWorld } from './device-bridge.ts';

/** How long it is waited for what must not happen. */
const momentMs = 150;

/** A server in this process that a bridge dials. */
export interface DialledServer {
  /** what bridges said to it */
  readonly heard: { length: number };
  /** Opens its port, always the same one. */
  listen(): Promise<void>;
  /** Closes it at once, with all connections. */
  kill(): void;
}

/** What `dialledDevice` has to know. */
export interface Dialled {
  readonly server: DialledServer;
  /** Makes a bridge that dials the server, which has its port by then. */
  dial(clock: CountingClock): Bridge;
  /** how many connections the server has */
  connections(): number;
  /** how many messages reached it; where left out, all that it heard */
  received?(): number;
}

/** A bridge and the server that it dials as its device: plugged in while it listens.
 *  @param isThere whether it listens from the beginning */
export async function dialledDevice(isThere: boolean, dialled: Dialled): Promise<DeviceWorld> {
  const { server, dial, connections, received = () => server.heard.length } = dialled;
  await server.listen();
  if (!isThere) server.kill();
  const clock = new CountingClock();
  const bridge = dial(clock);
  let coming = Promise.resolve();
  let there = isThere;
  return {
    bridge,
    plugIn: () => {
      there = true;
      server.heard.length = 0;
      coming = server.listen();
    },
    unplug: () => {
      there = false;
      server.kill();
    },
    // As long as it takes, and a moment more; all of it only where nothing is to happen.
    pass: async (ms) => {
      await coming;
      const isSettled = (): boolean => (bridge.status().state === 'connected') === there;
      await until('it to settle', isSettled, ms).catch(() => undefined);
      await delay(momentMs);
    },
    open: () => connections() + clock.waiting,
    received,
    close: async () => {
      await coming;
      server.kill();
    },
  };
}
