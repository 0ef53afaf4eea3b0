import { MemoryConnection } from '../../../src-main/transports/memory/memory-connection.ts';
import { createMemoryTransport } from '../../../src-main/transports/memory/memory-transport.ts';
import { describeTransport } from '../../conformance/transport.ts';

describeTransport('memory', () => ({
  transport: createMemoryTransport(),
  stall: (connection) => {
    if (!(connection instanceof MemoryConnection)) throw new Error('not a memory connection');
    connection.pauseReading();
    return () => connection.resumeReading();
  },
}));
