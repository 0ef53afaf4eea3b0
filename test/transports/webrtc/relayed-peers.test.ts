import * as library from 'node-datachannel';
import type { DataChannel } from 'node-datachannel';
import { afterEach, describe, expect, it } from 'vitest';
import { parseAddress, parsePattern } from '../../../src-main/contract/address.ts';
import type { ClaspClient } from '../../../src-main/core/client/client-api.ts';
import { createClaspClient } from '../../../src-main/core/client/clasp-client.ts';
import { signalAddress, signalTarget } from '../../../src-main/core/protocol/p2p.ts';
import { createSystemClock } from '../../../src-main/platform/system-clock.ts';
import { createSystemRandom } from '../../../src-main/platform/system-random.ts';
import {
  formatCandidate,
  formatSignal,
  parseSignal,
  type PeerSignal,
} from '../../../src-main/transports/webrtc/peer-signal.ts';
import { createWebSocketDialler } from '../../../src-main/transports/websocket/websocket-dialler.ts';
import { silentLog } from '../../silent-log.ts';
import { until } from '../../until.ts';
import { openSignallingRouter } from './webrtc-fixture.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});
const correlationId = 'between us';

async function join(url: string, name: string): Promise<{ readonly client: ClaspClient; readonly id: string }> {
  const clock = createSystemClock();
  const dialler = createWebSocketDialler({ clock });
  const client = createClaspClient({
    dial: () => dialler.dial(url),
    clock,
    random: createSystemRandom(),
    log: silentLog,
    name,
  });
  ends.push(() => client.close());
  client.connect();
  await until('a session', () => client.state().phase === 'open');
  const state = client.state();
  return { client, id: state.phase === 'open' ? state.session : '' };
}

/** One end of a connection between two clients: the native library as it is. */
function endOf({ client, id }: { readonly client: ClaspClient; readonly id: string }, other: string) {
  const peer = new library.PeerConnection(id, { iceServers: [], bindAddress: '127.0.0.1' });
  ends.push(() => {
    peer.close();
  });
  const tell = (signal: PeerSignal): void => {
    const address = parseAddress(signalAddress(other));
    void client.publish({ kind: 'event', address, value: formatSignal(signal, id) });
  };
  const candidates: PeerSignal[] = [];
  let isDescribed = false;
  const flush = (): void => {
    for (const signal of isDescribed ? candidates.splice(0) : []) tell(signal);
  };
  peer.onLocalDescription((sdp, type) => tell({ type: type === 'offer' ? 'offer' : 'answer', correlationId, sdp }));
  peer.onLocalCandidate((line, mid) => {
    candidates.push({ type: 'ice_candidate', correlationId, candidate: formatCandidate(line, mid) });
    flush();
  });
  const from: string[] = [];
  client.subscribe(parsePattern('/clasp/p2p/signal/*'), ({ signal }) => {
    if (signalTarget(signal.address) !== id) throw new Error('not for us');
    if (signal.value.type === 'map') from.push(String(signal.value.value.find(([key]) => key === 'from')?.[1].type));
    const heard = parseSignal(signal.value);
    if (heard.type === 'offer' || heard.type === 'answer') {
      peer.setRemoteDescription(heard.sdp, heard.type);
      isDescribed = true;
      flush();
    } else if (heard.type === 'ice_candidate') {
      const { candidate, sdpMid } = JSON.parse(heard.candidate) as { candidate: string; sdpMid: string };
      peer.addRemoteCandidate(candidate, sdpMid);
    }
  });
  return { peer, from };
}

describe('two clients', () => {
  it('[TP84] connect to each other with nothing but the router to signal through, and nobody else hears of it', async () => {
    const signalling = await openSignallingRouter();
    ends.push(signalling.stop);
    const [desk, lamp] = [await join(signalling.url, 'desk'), await join(signalling.url, 'lamp')];
    const heard: string[] = [];
    const { client: spy } = await join(signalling.url, 'spy');
    spy.subscribe(parsePattern('/**'), ({ signal }) => heard.push(signal.address));
    await until('the subscription', () => signalling.router.stats().subscriptions === 1);
    const [deskEnd, lampEnd] = [endOf(desk, lamp.id), endOf(lamp, desk.id)];
    const opened: DataChannel[] = [];
    const got: string[] = [];
    lampEnd.peer.onDataChannel((channel) => {
      opened.push(channel);
      channel.onMessage((message) => got.push(typeof message === 'string' ? message : 'bytes'));
    });
    const channel = deskEnd.peer.createDataChannel('clasp-reliable');
    await until('the channel', () => channel.isOpen() && opened.length === 1);
    channel.sendMessage('straight to you');
    await until('the message', () => got.length === 1);
    expect([got, heard, signalling.router.stats().params]).toEqual([['straight to you'], [], 0]);
    for (const each of [channel, ...opened]) each.close();
  });
});
