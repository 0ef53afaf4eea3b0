import { millis } from '../../../src-main/contract/units.ts';
import { QuicConnection } from '../../../src-main/transports/quic/quic-connection.ts';
import { describeClasp } from '../../conformance/clasp-over-transport.ts';
import { shapeFrame } from '../../conformance/shape-frame.ts';
import { describeBackPressure, describeTransport, type TransportCase } from '../../conformance/transport.ts';
import { makeQuic, ping } from './quic-fixture.ts';

const make = (): TransportCase => ({
  transport: makeQuic({ limits: { dialTimeoutMs: millis(500) } }),
  closeWords: 'closed by the peer',
  greeting: [ping],
  asFrame: shapeFrame,
  stall: (connection) => {
    connection.pauseReading();
    return () => connection.resumeReading();
  },
});
describeTransport('quic', make);
describeBackPressure('quic', make);

describeClasp('quic', () => ({
  transport: makeQuic(),
  cut: (connection) => {
    if (!(connection instanceof QuicConnection)) throw new Error('not QUIC');
    connection.terminate('cut');
  },
}));
