import { cableOf } from './cable.ts';
import { openDatagramPort, type DatagramPort, type PortPair } from './datagram-port.ts';

export const midiPorts: PortPair = { toLibrary: 27_130, toDevice: 27_131 };
export const midiPortName = 'Bench keys';

/** Of `@julusian/midi` what Flyrail calls, with one device at it. */
class OnePort {
  protected port: DatagramPort | undefined;

  static getPortNames(): string[] {
    return cableOf('midi', midiPorts) ? [midiPortName] : [];
  }

  getPortName(): string {
    return midiPortName;
  }

  destroy(): void {
    this.port?.close();
    this.port = undefined;
  }
}

export class Input extends OnePort {
  readonly #listeners: ((delta: number, bytes: Uint8Array) => void)[] = [];

  on(_event: string, run: (delta: number, bytes: Uint8Array) => void): void {
    this.#listeners.push(run);
  }

  ignoreTypes(): void {
    // All types come.
  }

  openPort(): void {
    const { toLibrary, toDevice } = cable();
    this.port = openDatagramPort(toLibrary, toDevice, (bytes) => {
      for (const run of this.#listeners) run(0, bytes);
    });
  }
}

export class Output extends OnePort {
  openPort(): void {
    this.port = openDatagramPort(undefined, cable().toDevice);
  }

  send(bytes: Uint8Array): void {
    this.port?.send(bytes);
  }
}

function cable(): PortPair {
  const ports = cableOf('midi', midiPorts);
  if (!ports) throw new Error('The port is gone.');
  return ports;
}
