import { millis } from '../../../src-main/contract/units.ts';
import { createSystemClock } from '../../../src-main/platform/system-clock.ts';
import type { Transport } from '../../../src-main/ports/transport.ts';
import { BleConnection } from '../../../src-main/transports/ble/ble-connection.ts';
import { bleLimits } from '../../../src-main/transports/ble/ble-limits.ts';
import { createBleTransport } from '../../../src-main/transports/ble/ble-transport.ts';
import { describeClasp } from '../../conformance/clasp-over-transport.ts';
import { describeTransport } from '../../conformance/transport.ts';
import { silentLog } from '../../silent-log.ts';
import { SimulatedAir, type AirOptions } from './simulated-air.ts';

const clock = createSystemClock();
const dialTimeoutMs = millis(300);
const limits = { dialTimeoutMs, linksMax: 64, retryFirstMs: millis(1), retryCapMs: millis(20) };

/** The router is the peripheral, our client dials it as a central. */
function peripheralDoor(options: Partial<AirOptions> = {}): Transport {
  const air = new SimulatedAir({ clock, ...options });
  const openRadio = { central: () => air.central(), peripheral: () => air.peripheral() };
  return createBleTransport({ role: 'peripheral', name: 'Desk 1', openRadio, clock, log: silentLog, limits });
}

/** The router is the central and finds devices; a device "dials" by showing itself. */
function centralDoor(options: Partial<AirOptions> = {}): Transport {
  const air = new SimulatedAir({ clock, ...options });
  const openRadio = { central: () => air.central(), peripheral: () => air.peripheral() };
  const door = createBleTransport({ role: 'central', openRadio, clock, log: silentLog, limits });
  const dial: Transport['dial'] = (url) =>
    new Promise((resolve, reject) => {
      const device = air.peripheral();
      const cancel = clock.after(dialTimeoutMs, () => {
        void device.close();
        reject(Object.assign(new Error(`${url}: nobody came`), { code: 'cannot-open-port' }));
      });
      const hide = device.advertise('sensor', (link) => {
        cancel();
        hide();
        resolve(new BleConnection({ link, clock, limits: bleLimits, onLost: () => undefined }));
      });
    });
  return { ...door, dial };
}

for (const [name, transport] of [
  ['ble, router as peripheral', peripheralDoor],
  ['ble, router as central', centralDoor],
] as const) {
  describeTransport(name, () => ({
    transport: transport(),
    closeWords: 'closed by the peer',
    isLossy: true,
    stall: () => () => undefined,
  }));
  describeClasp(name, () => ({
    transport: transport({ mtu: 23 }),
    cut: (connection) => {
      if (!(connection instanceof BleConnection)) throw new Error('not Bluetooth');
      connection.terminate('cut');
    },
  }));
}
