import { WebRtcConnection } from '../../../src-main/transports/webrtc/webrtc-connection.ts';
import { describeClasp } from '../../conformance/clasp-over-transport.ts';
import { describeTransport } from '../../conformance/transport.ts';
import { makeWebRtc } from './webrtc-fixture.ts';

// Not describeBackPressure: SCTP cannot be told to stop, so a paused peer goes on filling our memory up to the bound of TP87, and
// closes then. That the door says full and drains is TP78, in webrtc-door.test.ts.
describeTransport('webrtc', () => ({
  transport: makeWebRtc(),
  closeWords: 'closed by the peer',
  stall: () => () => undefined,
}));

describeClasp('webrtc', () => ({
  transport: makeWebRtc(),
  cut: (connection) => {
    if (!(connection instanceof WebRtcConnection)) throw new Error('not WebRTC');
    connection.terminate('cut');
  },
}));
