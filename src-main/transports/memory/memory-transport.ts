import { UnavailableError } from '../../contract/errors.ts';
import type { Connection, Transport } from '../../ports/transport.ts';
import { MemoryConnection } from './memory-connection.ts';

export interface MemoryTransportOptions {
  /** of one frame */
  readonly maxBytes?: number;
  /** waiting for one end before `send` says full */
  readonly queueBytesMax?: number;
}

/** Connects ends within one process, for tests and simulations. Frames arrive by microtask, copied, in order. */
export function createMemoryTransport(options: MemoryTransportOptions = {}): Transport {
  const listeners = new Map<string, (connection: Connection) => void>();
  const open = new Map<string, Set<MemoryConnection>>();
  let nextPort = 1;

  return {
    listen: (accept) => {
      const url = `memory:${nextPort++}`;
      listeners.set(url, accept);
      const connections = new Set<MemoryConnection>();
      open.set(url, connections);
      const stop = (): Promise<void> => {
        listeners.delete(url);
        for (const connection of connections) connection.close('the listener stops');
        return Promise.resolve();
      };
      return Promise.resolve({ url, stop });
    },
    dial: (address) => {
      const accept = listeners.get(address);
      if (!accept) {
        const message = `Nobody listens at ${address}.`;
        return Promise.reject(new UnavailableError('cannot-open-port', message, { address }));
      }
      const [near, far] = MemoryConnection.pair(address, options);
      const connections = open.get(address);
      connections?.add(far);
      far.onClose(() => connections?.delete(far));
      accept(far);
      return Promise.resolve(near);
    },
  };
}
