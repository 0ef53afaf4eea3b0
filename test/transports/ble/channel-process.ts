import { MessageChannel } from 'node:worker_threads';
import type { FromRadio, RadioProcess } from '../../../src-main/transports/ble/radio-messages.ts';
import { serveRadio } from '../../../src-main/transports/ble/serve-radio.ts';
import type { CentralRadio, PeripheralRadio } from '../../../src-main/transports/ble/radio.ts';

/** Stands for the process of a radio: the same messages, cloned as between processes. */
export function startChannelProcess(radio: Partial<CentralRadio> & Partial<PeripheralRadio>): RadioProcess {
  const { port1: here, port2: there } = new MessageChannel();
  serveRadio(there, radio);
  return {
    tell: (message) => here.postMessage(message),
    onMessage: (run) => here.on('message', (message: FromRadio) => run(message)),
    onGone: (run) => here.on('close', () => run('the process ended')),
    end: async () => {
      here.close();
    },
  };
}
