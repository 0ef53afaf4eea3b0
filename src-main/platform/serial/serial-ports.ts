import type { Duplex } from 'node:stream';
import type { LineSettings } from './line-settings.ts';
import type { PortInfo } from './port-identity.ts';

/** A port that is open, as serialport has it. */
export interface OpenedPort extends Duplex {
  readonly isOpen: boolean;
  /** What was written is thrown away unless it has left. */
  close(done: (error: Error | null) => void): void;
  /** Throws away what the system holds, of both directions. */
  flush(done: (error: Error | null) => void): void;
  /** What the peer's side of the cable says; an error where there is no such cable. */
  get(done: (error: Error | null, signals?: { readonly dsr: boolean }) => void): void;
}

/** The serial ports of a machine. */
export interface SerialPorts {
  /** Takes the port for us alone. @throws Error of the system */
  open(path: string, line: LineSettings): Promise<OpenedPort>;
  /** Empty where the system cannot tell. */
  list(): Promise<readonly PortInfo[]>;
}

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
    return SerialPort.list().catch(() => []);
  },
};

/** Nobody else opens the port while it is ours. */
export function portOptions({ baud, dataBits, parity, stopBits, flow }: LineSettings) {
  const isSoft = flow === 'xonxoff';
  return {
    baudRate: baud,
    dataBits,
    parity,
    stopBits,
    rtscts: flow === 'rtscts',
    xon: isSoft,
    xoff: isSoft,
    lock: true,
  } as const;
}
