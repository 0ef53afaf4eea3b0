import process from 'node:process';
import { BugError } from '../contract/errors.ts';
import { serveRadio, type RadioPort } from '../transports/ble/serve-radio.ts';
import type { RadioProcessData } from '../transports/ble/start-radio-process.ts';

// The entry of the process that has a Bluetooth library to itself. Its other end is transports/ble/process-radio.ts.

if (!process.send) throw new BugError('The Bluetooth radio is started as a process with a channel.');
const port: RadioPort = {
  // Whom it is for may have gone in the same moment.
  postMessage: (message) => process.send?.(message, undefined, undefined, () => undefined),
  on: (event, run) => process.on(event, run),
};
process.on('disconnect', () => process.exit());
const { role, hci } = JSON.parse(process.argv[2] ?? '{}') as RadioProcessData;
const options = { deviceId: hci };
if (role === 'central') {
  const [{ default: noble, withBindings }, { NobleRadio }] = await Promise.all([
    import('@stoprocent/noble'),
    import('../transports/ble/noble-radio.ts'),
  ]);
  serveRadio(port, new NobleRadio(hci === undefined ? noble : withBindings('default', options)));
} else {
  const [{ default: bleno, withBindings }, { BlenoRadio }] = await Promise.all([
    import('@stoprocent/bleno'),
    import('../transports/ble/bleno-radio.ts'),
  ]);
  serveRadio(port, new BlenoRadio(hci === undefined ? bleno : withBindings('default', options)));
}
