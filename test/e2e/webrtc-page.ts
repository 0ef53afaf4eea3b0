import { f64, fromJson, type MapEntry, type Value } from '../../src-main/contract/signal.ts';
import { decodeFrame, encodeFrame } from '../../src-main/core/protocol/frame.ts';
import { messageType, type Message } from '../../src-main/core/protocol/messages.ts';
import { p2pAnnounceAddress, routerSignalId, signalAddress } from '../../src-main/core/protocol/p2p.ts';
import { WireValue } from '../../src-main/core/protocol/wire-value.ts';

/** What a page got from a router. */
export interface PageReport {
  readonly announced: unknown;
  readonly reliable: ChannelReport;
  readonly state: string;
  /** the ends of pairs of candidates that carry it, by type */
  readonly pair: readonly string[];
  /** where the browser said that it is */
  readonly candidates: readonly string[];
}

interface ChannelReport {
  readonly session: string;
  readonly heard: readonly string[];
}

declare global {
  interface Window {
    /** @param url of a router's WebSocket port @param wanted frames to hear before it ends */
    connectByWebRtc(url: string, wanted: number): Promise<PageReport>;
  }
}

/** As somebody would write it who has only the documents: signals over a WebSocket, then speaks CLASP over data channels. */
window.connectByWebRtc = async (url, wanted) => {
  const socket = await openSocket(url);
  const peer = new RTCPeerConnection({ iceServers: [] });
  const reliable = peer.createDataChannel('clasp-reliable');
  const quick = peer.createDataChannel('clasp', { ordered: false, maxRetransmits: 0 });
  const candidates: string[] = [];
  const announcing = new Promise((resolve) => signalOver(socket, peer, { candidates, onAnnounced: resolve }));
  await Promise.all([reliable, quick].map((channel) => new Promise((resolve) => (channel.onopen = resolve))));
  const spoken = await speak(reliable, quick, wanted);
  const pair = await carryingPair(peer);
  // The router tells it once a second at most.
  const announced = await announcing;
  const report = { announced, candidates, reliable: spoken, state: peer.connectionState, pair };
  peer.close();
  socket.close();
  return report;
};

interface Seen {
  readonly onAnnounced: (session: unknown) => void;
  readonly candidates: string[];
}

function sendOver(channel: { send(bytes: Uint8Array<ArrayBuffer>): void }, message: Message): void {
  channel.send(new Uint8Array(encodeFrame(message)));
}

async function openSocket(url: string): Promise<WebSocket> {
  const socket = new WebSocket(url, 'clasp');
  socket.binaryType = 'arraybuffer';
  await new Promise((resolve, reject) => {
    socket.onopen = resolve;
    socket.onerror = reject;
  });
  return socket;
}

function signalOver(socket: WebSocket, peer: RTCPeerConnection, seen: Seen): void {
  let session = '';
  const publish = (address: string, value: Value): void =>
    sendOver(socket, { type: messageType.publish, kind: 'event', address, value: WireValue.of(value) });
  const signal = (rest: Readonly<Record<string, string>>): void =>
    publish(signalAddress(routerSignalId), fromJson({ from: session, correlation_id: 'page', ...rest }));
  peer.onicecandidate = ({ candidate }) => {
    if (!candidate) return;
    seen.candidates.push(candidate.candidate);
    signal({ type: 'ice_candidate', candidate: JSON.stringify(candidate) });
  };
  const hear = async (message: Message): Promise<void> => {
    if (message.type === messageType.welcome) {
      session = message.session;
      sendOver(socket, { type: messageType.subscribe, id: 1, pattern: p2pAnnounceAddress, types: 0xff });
      publish(p2pAnnounceAddress, fromJson({ session_id: session, p2p_capable: true }));
      await peer.setLocalDescription();
      signal({ type: 'offer', sdp: peer.localDescription?.sdp ?? '' });
    } else if (message.type === messageType.publish && message.value) {
      const words = wordsOf(message.value.value);
      if (message.address === p2pAnnounceAddress) seen.onAnnounced(words['session_id']);
      else if (words['type'] === 'answer') await peer.setRemoteDescription({ type: 'answer', sdp: words['sdp'] ?? '' });
      else if (words['type'] === 'ice_candidate')
        await peer.addIceCandidate(JSON.parse(words['candidate'] ?? '') as RTCIceCandidateInit);
    }
  };
  // One after the other: candidates wait for the answer.
  let last = Promise.resolve();
  socket.onmessage = ({ data }: MessageEvent<ArrayBuffer>) => {
    const { message } = decodeFrame(new Uint8Array(data));
    last = last.then(() => hear(message));
  };
  sendOver(socket, { type: messageType.hello, version: 1, features: [], name: 'page signalling' });
}

function speak(reliable: RTCDataChannel, quick: RTCDataChannel, wanted: number): Promise<ChannelReport> {
  const heard: string[] = [];
  let session = '';
  return new Promise((resolve) => {
    for (const channel of [reliable, quick]) {
      channel.binaryType = 'arraybuffer';
      channel.onmessage = ({ data }: MessageEvent<ArrayBuffer>) => {
        const { message } = decodeFrame(new Uint8Array(data));
        if (message.type === messageType.welcome) {
          session = message.session;
          sendOver(reliable, { type: messageType.subscribe, id: 1, pattern: '/desk/**', types: 0xff });
          const level = WireValue.of(f64(0.5));
          sendOver(reliable, { type: messageType.set, address: '/page/level', value: level });
          const meter = WireValue.of(f64(0.25));
          sendOver(quick, { type: messageType.publish, kind: 'stream', address: '/page/meter', value: meter });
        } else if (message.type === messageType.set || message.type === messageType.publish) {
          heard.push(`${channel.label} ${message.address}`);
        }
        if (session !== '' && heard.length >= wanted) resolve({ session, heard });
      };
    }
    sendOver(reliable, { type: messageType.hello, version: 1, features: ['param', 'event', 'stream'], name: 'page' });
  });
}

function wordsOf(value: Value): Record<string, string> {
  const entries: readonly MapEntry[] = value.type === 'map' ? value.value : [];
  return Object.fromEntries(entries.map(([key, each]) => [key, each.type === 'string' ? each.value : '']));
}

async function carryingPair(peer: RTCPeerConnection): Promise<string[]> {
  const stats = [...(await peer.getStats()).values()] as Readonly<Record<string, string | boolean>>[];
  const pair = stats.find(
    ({ type, state, nominated }) => type === 'candidate-pair' && state === 'succeeded' && nominated,
  );
  return ['localCandidateId', 'remoteCandidateId'].map((end) => {
    const found = stats.find(({ id }) => id === pair?.[end]);
    return `${String(found?.['candidateType'])} ${String(found?.['protocol'])}`;
  });
}
