import type { DoorSettings } from '../../contract/door.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Dialler, Transport } from '../../ports/transport.ts';
import { createBleDialler } from './ble-dialler.ts';
import { bleLimits, type BleLimits } from './ble-limits.ts';
import { BleListener, type LostBecause } from './ble-listener.ts';
import { bleUrl } from './ble-url.ts';
import { PeripheralSearch } from './peripheral-search.ts';
import type { CentralRadio, PeripheralRadio } from './radio.ts';

/** Where radios come from. @param hci number of the adapter on Linux; the system's first without */
export interface OpenRadio {
  central(hci: number | undefined): CentralRadio;
  peripheral(hci: number | undefined): PeripheralRadio;
}

export interface BleTransportOptions extends Omit<Extract<DoorSettings, { kind: 'ble' }>, 'kind'> {
  readonly openRadio: OpenRadio;
  readonly clock: Clock;
  readonly log: Log;
  readonly limits?: Partial<BleLimits>;
}

export interface BleTransport extends Transport {
  refused(): Readonly<Record<LostBecause, number>>;
}

/** how the router calls itself where nobody says otherwise */
const nameDefault = 'Flyrail';

/** CLASP over Bluetooth Low Energy. As a central it finds peripherals that offer the service, and they are its clients; as a
 *  peripheral it shows the service, and centrals are.
 *  @see CLASP-WIRE §12, docs/transports.md */
export function createBleTransport({ role, name, hci, openRadio, ...options }: BleTransportOptions): BleTransport {
  const limits: BleLimits = { ...bleLimits, ...options.limits };
  const counts: Record<LostBecause, number> = { full: 0, torn: 0, overrun: 0 };
  const onLost = (why: LostBecause): void => {
    counts[why]++;
  };
  const dialler: Dialler = createBleDialler({ ...options, openRadio: (number) => openRadio.central(number) });
  const door = { ...options, limits, onLost };
  return {
    listen: (accept) => {
      if (role === 'peripheral') {
        const [radio, shown] = [openRadio.peripheral(hci), name ?? nameDefault];
        const begin = radio.advertise.bind(radio, shown);
        return BleListener.open({ ...door, url: bleUrl(shown), radio, begin }, accept);
      }
      const radio = openRadio.central(hci);
      const search = { ...door, radio, name, onFull: () => onLost('full') };
      const url = name === undefined ? 'ble:central' : `ble:central?name=${encodeURIComponent(name)}`;
      const begin = (take: Parameters<typeof radio.connect>[1]['accept']) =>
        PeripheralSearch.begin({ ...search, accept: take });
      return BleListener.open({ ...door, url, radio, begin }, accept);
    },
    dial: (url) => dialler.dial(url),
    refused: () => ({ ...counts }),
  };
}
