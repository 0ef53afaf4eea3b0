import { createSocket } from 'node:dgram';

/** Where messages of a stand-in go, on this machine; one datagram each. */
export interface PortPair {
  /** the library hears the device here */
  readonly toLibrary: number;
  /** the device hears the library here */
  readonly toDevice: number;
}

export interface DatagramPort {
  send(bytes: Uint8Array): void;
  close(): void;
}

/** One end of a device's cable. @param hears undefined for an end that only speaks */
export function openDatagramPort(
  hears: number | undefined,
  speaksTo: number,
  onBytes: (bytes: Uint8Array) => void = () => undefined,
): DatagramPort {
  const socket = createSocket({ type: 'udp4', reuseAddr: true });
  socket.on('error', () => undefined);
  socket.on('message', onBytes);
  if (hears !== undefined) socket.bind(hears, '127.0.0.1');
  return {
    send: (bytes) => socket.send(bytes, speaksTo, '127.0.0.1'),
    close: () => socket.close(),
  };
}
