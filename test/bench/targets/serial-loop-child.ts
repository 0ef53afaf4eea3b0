import { setTimeout as wait } from 'node:timers/promises';
import { SerialPort } from 'serialport';
import { lineEnds } from '../bridge-kinds/far-line.ts';
import { plainSerialLine } from '../bridge-kinds/serial.ts';

/** Sends back what comes on a serial line, with the library that the bridge uses and nothing around it, as a process of its own. The
 *  line is laid anew for each measurement. */
process.stdout.write('port 0\n');
process.once('SIGTERM', () => process.exit());
for (;;) {
  await new Promise<void>((resolve) => {
    const port = new SerialPort({ path: lineEnds(plainSerialLine)[0], baudRate: 9600 }, (error) => error && resolve());
    port.on('data', (bytes: Buffer) => port.write(bytes));
    port.on('error', () => undefined);
    port.on('close', () => resolve());
  });
  await wait(50);
}
