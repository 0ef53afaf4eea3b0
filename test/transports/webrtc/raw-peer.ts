import * as library from 'node-datachannel';
import type { DataChannel, PeerConnection } from 'node-datachannel';
import type { Value } from '../../../src-main/contract/signal.ts';
import { createSystemClock } from '../../../src-main/platform/system-clock.ts';
import {
  formatCandidate,
  formatSignal,
  parseSignal,
  type PeerSignal,
} from '../../../src-main/transports/webrtc/peer-signal.ts';
import { SignallingSession } from '../../../src-main/transports/webrtc/signalling-session.ts';
import { createWebSocketDialler } from '../../../src-main/transports/websocket/websocket-dialler.ts';
import { until } from '../../until.ts';

/** A session that signals, and what it is told. */
export interface RawSession {
  readonly id: string;
  readonly heard: PeerSignal[];
  tell(signal: PeerSignal): void;
  tellRaw(value: Value): void;
  close(): void;
}

/** @param url of a WebSocket port */
export async function joinSignalling(url: string): Promise<RawSession> {
  const connection = await createWebSocketDialler({ clock: createSystemClock() }).dial(url);
  const heard: PeerSignal[] = [];
  let id = '';
  const session = new SignallingSession({
    connection,
    token: undefined,
    onOpen: (given) => (id = given),
    onSignal: (value) => heard.push(parseSignal(value)),
    onEnd: () => undefined,
  });
  await until('the session', () => id !== '');
  return {
    id,
    heard,
    tell: (signal) => session.send(formatSignal(signal, id)),
    tellRaw: (value) => session.send(value),
    close: () => session.close(),
  };
}

/** A peer that is not ours: the native library as it is. */
export interface RawPeer {
  readonly peer: PeerConnection;
  readonly channels: readonly DataChannel[];
  readonly got: (string | Buffer)[];
  readonly closed: string[];
  close(): void;
}

interface RawPeerOptions {
  readonly labels: readonly string[];
  readonly correlationId?: string;
  /** rewrites what is told and heard */
  readonly sdp?: (text: string) => string;
}

/** Makes the router an offer and takes its answer. */
export function offerFrom(session: RawSession, options: RawPeerOptions): RawPeer {
  const { labels, correlationId = 'raw' } = options;
  const rewrite = options.sdp ?? ((text: string): string => text);
  const peer = new library.PeerConnection('raw', { iceServers: [], bindAddress: '127.0.0.1' });
  const got: (string | Buffer)[] = [];
  const closed: string[] = [];
  let told = 0;
  let isAnswered = false;
  const candidates: string[] = [];
  const tellCandidates = (): void => {
    for (const candidate of isAnswered ? candidates.splice(0) : [])
      session.tell({ type: 'ice_candidate', correlationId, candidate });
  };
  peer.onLocalDescription((sdp) => session.tell({ type: 'offer', correlationId, sdp: rewrite(sdp) }));
  peer.onLocalCandidate((line, mid) => {
    candidates.push(formatCandidate(line, mid));
    tellCandidates();
  });
  const channels = labels.map((label) => {
    const lossy = label === 'clasp' ? { unordered: true, maxRetransmits: 0 } : {};
    const channel = peer.createDataChannel(label, lossy);
    channel.onMessage((message) => got.push(message instanceof ArrayBuffer ? Buffer.from(message) : message));
    channel.onClosed(() => closed.push(label));
    return channel;
  });
  const timer = setInterval(() => {
    for (const signal of session.heard.slice(told)) {
      told++;
      if (signal.correlationId !== correlationId) continue;
      if (signal.type === 'answer') {
        peer.setRemoteDescription(rewrite(signal.sdp), 'answer');
        isAnswered = true;
        tellCandidates();
      } else if (signal.type === 'ice_candidate') {
        const { candidate, sdpMid } = JSON.parse(signal.candidate) as { candidate: string; sdpMid: string };
        peer.addRemoteCandidate(candidate, sdpMid);
      }
    }
  }, 5);
  const close = (): void => {
    clearInterval(timer);
    for (const channel of channels) channel.close();
    peer.close();
  };
  return { peer, channels, got, closed, close };
}
