import { MemoryConnection } from '../../../src-main/transports/memory/memory-connection.ts';
import { createMemoryTransport } from '../../../src-main/transports/memory/memory-transport.ts';
import { describeBackPressure, describeTransport, type TransportCase } from '../../conformance/transport.ts';

const makeCase = (): TransportCase => ({
  transport: createMemoryTransport(),
  stall: (connection) => {
    if (!(connection instanceof MemoryConnection)) throw new Error('not a memory connection');
    connection.pauseReading();
    return () => connection.resumeReading();
  },
});
describeTransport('memory', makeCase);
describeBackPressure('memory', makeCase);
