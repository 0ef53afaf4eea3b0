import { readdir } from 'node:fs/promises';
import process from 'node:process';
import type { LineSettings, SerialPorts } from '../../ports/serial-ports.ts';

/** Those of this machine. The native library is loaded at the first call. */
export const systemPorts: SerialPorts = {
  open: async (path, line) => {
    const { SerialPort } = await import('serialport');
    const port = new SerialPort({ path, autoOpen: false, ...portOptions(line) });
    await new Promise<void>((resolve, reject) => {
      port.open((error) => (error ? reject(error) : resolve()));
    });
    return port;
  },
  list: async () => {
    const { SerialPort } = await import('serialport');
    return SerialPort.list();
  },
  // There, `list` starts a program each time.
  ...(process.platform === 'win32' ? {} : { names: deviceNames }),
};

async function deviceNames(): Promise<string> {
  const names = await readdir('/dev').catch(() => []);
  return names
    .filter((name) => /^(tty|cu\.|rfcomm)/.test(name))
    .toSorted()
    .join(' ');
}

/** Nobody else opens the port while it is ours. */
export function portOptions({ baud, dataBits, parity, stopBits, flow, hangUp = true }: LineSettings) {
  const isSoft = flow === 'xonxoff';
  return {
    baudRate: baud,
    dataBits,
    parity,
    stopBits,
    rtscts: flow === 'rtscts',
    xon: isSoft,
    xoff: isSoft,
    hupcl: hangUp,
    lock: true,
  } as const;
}
