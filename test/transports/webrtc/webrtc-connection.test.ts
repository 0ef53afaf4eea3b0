import { describe, expect, it } from 'vitest';
import type { PeerState } from '../../../src-main/transports/webrtc/native-peer.ts';
import { WebRtcConnection } from '../../../src-main/transports/webrtc/webrtc-connection.ts';
import { webRtcLimits } from '../../../src-main/transports/webrtc/webrtc-limits.ts';
import { SimulatedClock } from '../../simulated-clock.ts';

function make() {
  const clock = new SimulatedClock();
  let become: (state: PeerState) => void = () => undefined;
  let say: (message: Buffer) => void = () => undefined;
  const native = {
    remoteAddress: undefined,
    onState: (run: typeof become) => (become = run),
    onClosed: () => undefined,
    close: () => undefined,
  };
  const channel = {
    getLabel: () => 'clasp-reliable',
    maxMessageSize: () => 1000,
    bufferedAmount: () => 0,
    isOpen: () => true,
    sendMessageBinary: () => {
      throw new Error('closed');
    },
    close: () => undefined,
    setBufferedAmountLowThreshold: () => undefined,
    onBufferedAmountLow: () => undefined,
    onMessage: (run: (message: Buffer) => void) => (say = run),
  };
  const options = { native, channel, name: 'desk', clock, limits: webRtcLimits, onFault: () => undefined };
  const connection = new WebRtcConnection(options as never);
  const closed: string[] = [];
  connection.onClose((reason) => closed.push(reason));
  return {
    clock,
    connection,
    closed,
    become: (state: PeerState) => become(state),
    say: (message: Buffer) => say(message),
  };
}

describe('a connection over WebRTC', () => {
  it('[TP82] waits 5 s for a peer whose address does not answer, and goes on when it is back', () => {
    const { clock, closed, become } = make();
    become('disconnected');
    clock.advance(4999);
    become('connected');
    clock.advance(60_000);
    become('disconnected');
    clock.advance(5000 + webRtcLimits.quietBeforeEndMs);
    expect(closed).toEqual(['the peer was not heard any more']);
    expect(clock.waiting).toBe(0);
  });

  it.each<[PeerState, string]>([
    ['failed', 'the peer cannot be reached any more'],
    ['closed', 'closed by the peer'],
  ])('[TP82] ends when the way is %s, once a while brought no message', (state, reason) => {
    const { clock, closed, become, say } = make();
    become(state);
    clock.advance(webRtcLimits.quietBeforeEndMs - 1);
    say(Buffer.from('the last word'));
    clock.advance(webRtcLimits.quietBeforeEndMs);
    expect(closed).toEqual([]);
    clock.advance(1);
    expect(closed).toEqual([reason]);
    expect(clock.waiting).toBe(0);
  });

  it('[TP82] drops a peer that does not close its side in time', async () => {
    const { clock, connection, closed } = make();
    connection.close('enough');
    clock.advance(499);
    expect(closed).toEqual([]);
    clock.advance(1);
    expect(closed).toEqual(['enough']);
    expect(clock.waiting).toBe(0);
  });

  it('[TP78] takes nothing where the peer cannot take it, and no frame larger than the peer takes', () => {
    const { connection } = make();
    expect([connection.peer, connection.maxBytes]).toEqual(['webrtc desk', 1000]);
    expect([connection.send(new Uint8Array(1001)), connection.send(new Uint8Array(4))]).toEqual([false, false]);
  });
});
