import { afterEach, describe, expect, it } from 'vitest';
import { parseAddress } from '../../../src-main/contract/address.ts';
import { f64, fromJson } from '../../../src-main/contract/signal.ts';
import { createClaspClient } from '../../../src-main/core/client/clasp-client.ts';
import { createSystemClock } from '../../../src-main/platform/system-clock.ts';
import { createSystemRandom } from '../../../src-main/platform/system-random.ts';
import type { Signalling, SignalLine } from '../../../src-main/ports/signalling.ts';
import type { Dialler } from '../../../src-main/ports/transport.ts';
import { parseSignal, type PeerSignal } from '../../../src-main/transports/webrtc/peer-signal.ts';
import { createWebRtcDialler } from '../../../src-main/transports/webrtc/webrtc-dialler.ts';
import { createWebSocketDialler } from '../../../src-main/transports/websocket/websocket-dialler.ts';
import { TokenDesk } from '../../core/router/token-desk.ts';
import { silentLog } from '../../silent-log.ts';
import { SimulatedClock } from '../../simulated-clock.ts';
import { until } from '../../until.ts';
import { openSignallingRouter, webRtcOf, type SignallingRouter } from './webrtc-fixture.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const clock = createSystemClock();

function diallerWith(token?: string): Dialler {
  return createWebRtcDialler({ clock, token, webSocket: createWebSocketDialler({ clock }) });
}

async function openRouter(): Promise<SignallingRouter> {
  const signalling = await openSignallingRouter();
  ends.push(signalling.stop);
  return signalling;
}

/** A way in whose signals are seen, and which may keep its own candidates back. */
async function openSeen({ isSilent }: { readonly isSilent: boolean }) {
  const signalling = await openRouter();
  const heard: PeerSignal['type'][] = [];
  const seen: Signalling = {
    open: (id, hear) => {
      const line = signalling.router.signalling.open(id, (from, value) => {
        heard.push(parseSignal(value).type);
        hear(from, value);
      });
      const send: SignalLine['send'] = (to, value) =>
        (isSilent && parseSignal(value).type === 'ice_candidate') || line.send(to, value);
      return { ...line, send };
    },
  };
  const { url, stop } = await webRtcOf(signalling, { signalling: seen }).listen(() => undefined);
  ends.push(stop);
  return { url, heard };
}

describe('dialling over WebRTC', () => {
  it('[TP110] tells no candidates where its own packets show the way', async () => {
    const { url, heard } = await openSeen({ isSilent: false });
    const dialler = createWebRtcDialler({ clock: new SimulatedClock(), webSocket: createWebSocketDialler({ clock }) });
    const connection = await dialler.dial(url);
    expect(heard).toEqual(['offer']);
    connection.close();
  });

  it('[TP110] tells its candidates half a second after the answer, where nothing is open', async () => {
    const { url, heard } = await openSeen({ isSilent: true });
    const simulated = new SimulatedClock();
    const dialler = createWebRtcDialler({ clock: simulated, webSocket: createWebSocketDialler({ clock }) });
    const dialled = dialler.dial(url);
    await until('both timers', () => simulated.waiting === 2);
    simulated.advance(499);
    expect([simulated.waiting, heard]).toEqual([2, ['offer']]);
    simulated.advance(1);
    const connection = await dialled;
    expect(heard).toEqual(['offer', 'ice_candidate']);
    connection.close();
  });

  it('[TP86] can be given up at any time, and leaves the WebSocket', async () => {
    const { router, url } = await openRouter();
    const heard: string[] = [];
    router.signalling.open('router', (from) => heard.push(from));
    const dialler = diallerWith();
    const givenUp = { code: 'cannot-open-port', message: expect.stringContaining('given up') as string };
    const early = dialler.dial(`webrtc+${url}`);
    const isRefused = expect(early).rejects.toMatchObject({ code: 'cannot-open-port' });
    dialler.abandon();
    await isRefused;
    const late = dialler.dial(`webrtc+${url}`);
    const isGivenUp = expect(late).rejects.toMatchObject(givenUp);
    await until('the offer', () => heard.length > 0);
    dialler.abandon();
    await isGivenUp;
    await until('the session to go', () => router.stats().sessions === 0);
  });

  it('[TP86] leaves open connections alone when the rest is given up', async () => {
    const signalling = await openRouter();
    const transport = webRtcOf(signalling);
    const listening = await transport.listen(() => undefined);
    ends.push(listening.stop);
    const dialler = diallerWith();
    const connection = await dialler.dial(listening.url);
    dialler.abandon();
    expect(connection.send(new Uint8Array([0x53, 0, 0, 0]))).toBe(true);
    connection.close();
  });

  it('[TP88] shows its token where it signals, and the session shows its own', async () => {
    const signalling = await openRouter();
    const { router } = signalling;
    const desk = new TokenDesk();
    desk.give('signals', 'write:/clasp/p2p/**');
    desk.give('reads', 'read:/**');
    desk.give('plays', 'write:/desk/**');
    router.guard.askForTokens(desk);
    const transport = webRtcOf(signalling);
    const { url, stop } = await transport.listen((connection) => router.accept(connection));
    ends.push(stop);
    await expect(diallerWith().dial(url)).rejects.toThrow(/ERROR \d+: .*token/);
    await expect(diallerWith('reads').dial(url)).rejects.toThrow(
      /ERROR \d+: This needs write:\/clasp\/p2p\/signal\/router/,
    );
    const client = createClaspClient({
      dial: () => diallerWith('signals').dial(url),
      clock,
      random: createSystemRandom(),
      log: silentLog,
      name: 'page',
      token: 'plays',
    });
    ends.push(() => client.close());
    client.connect();
    const address = parseAddress('/desk/fader');
    await client.set(address, f64(0.5));
    expect(router.get(address)).toEqual(f64(0.5));
    await expect(client.set(parseAddress('/light/1'), f64(1))).rejects.toThrow(/This needs write/);
    await expect(client.set(parseAddress('/clasp/p2p/signal/router'), fromJson({ type: 'connected' }))).rejects.toThrow(
      /This needs write/,
    );
  });
});
