import { encodeFrame } from '../../../src-main/core/protocol/frame.ts';
import { messageType } from '../../../src-main/core/protocol/messages.ts';
import { SerialConnection } from '../../../src-main/transports/serial/serial-connection.ts';
import { describeClasp } from '../../conformance/clasp-over-transport.ts';
import { describeBackPressure, describeTransport, type TransportCase } from '../../conformance/transport.ts';
import { hasProgram, notInstalled } from '../../integration/find-program.ts';
import { skipUnless } from '../../skip-unless.ts';
import { asEvent, createSerialTrunk } from './serial-trunk.ts';

skipUnless(hasProgram('socat'), notInstalled('socat', 'socat'));

const hello = encodeFrame({ type: messageType.hello, version: 1, name: 'box', features: ['param'] }).slice();

const makeCase = (): TransportCase => ({
  transport: createSerialTrunk(1),
  closeWords: 'closed by the peer',
  asFrame: asEvent,
  greeting: [hello],
  stall: (connection) => {
    connection.pauseReading();
    return () => connection.resumeReading();
  },
});
describeTransport('serial', makeCase);
describeBackPressure('serial', makeCase);

// One line for each client: more of them than this would prove no more of the line.
const clients = 4;
describeClasp('serial', () => ({
  transport: createSerialTrunk(clients),
  clients,
  cut: (connection) => {
    if (!(connection instanceof SerialConnection)) throw new Error('no serial connection');
    connection.terminate('cut');
  },
}));
