import type { Cancel } from '../../contract/message-link.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Connection, Dialler } from '../../ports/transport.ts';
import { dialFault } from '../socket-faults.ts';
import { BleConnection } from './ble-connection.ts';
import { bleLimits, type BleLimits } from './ble-limits.ts';
import { waitingWords } from './ble-listener.ts';
import { parseBleUrl } from './ble-url.ts';
import { isNamed } from './peripheral-search.ts';
import type { CentralRadio, RadioLink } from './radio.ts';

export interface BleDiallerOptions {
  readonly clock: Clock;
  /** @param hci number of the adapter; the system's first without */
  readonly openRadio: (hci: number | undefined) => CentralRadio;
  readonly limits?: Partial<BleLimits>;
}

/** The client's side of CLASP over Bluetooth, in the central role: `ble://NAME`. Each dialling has a radio of its own, which ends
 *  with the connection. */
export function createBleDialler({ clock, openRadio, ...options }: BleDiallerOptions): Dialler {
  const limits: BleLimits = { ...bleLimits, ...options.limits };
  const open = new Set<AbortController>();
  return {
    dial: async (url) => {
      const { name, hci } = parseBleUrl(url);
      const attempt = new AbortController();
      open.add(attempt);
      const radio = openRadio(hci);
      const cancel = clock.after(limits.dialTimeoutMs, () =>
        attempt.abort(new Error(`nobody in range is called ${name}`)),
      );
      try {
        return await reach({ radio, name, attempt: attempt.signal, clock, limits });
      } catch (error) {
        await radio.close();
        throw dialFault(url, error);
      } finally {
        cancel();
        open.delete(attempt);
      }
    },
    abandon: () => {
      for (const attempt of open) attempt.abort(new Error('given up'));
    },
  };
}

interface Reach {
  readonly radio: CentralRadio;
  readonly name: string;
  readonly attempt: AbortSignal;
  readonly clock: Clock;
  readonly limits: BleLimits;
}

/** Scans once the adapter is on, and connects to the first that is meant. */
function reach({ radio, name, attempt, clock, limits }: Reach): Promise<Connection> {
  return new Promise((resolve, reject) => {
    attempt.addEventListener('abort', () => reject(attempt.reason as Error));
    const accept = (link: RadioLink): void => {
      const connection = new BleConnection({ link, clock, limits, onLost: () => undefined });
      let cancelLate: Cancel | undefined;
      // A library may forget to say that a link has ended.
      connection.onClose(() => (cancelLate = clock.after(limits.goneWithinMs, () => void radio.close())));
      link.onEnd(() => {
        cancelLate?.();
        void radio.close();
      });
      resolve(connection);
    };
    radio.onState((state) => {
      if (state === 'starting' || attempt.aborted) return;
      if (state !== 'on') return reject(new Error(waitingWords[state]?.replace(/\.$/, '')));
      const cancelScan = radio.scan((sighting) => {
        if (!isNamed(sighting, name)) return;
        cancelScan();
        radio.connect(sighting.id, { givenUp: attempt, accept }).catch(reject);
      });
      attempt.addEventListener('abort', cancelScan);
    });
  });
}
