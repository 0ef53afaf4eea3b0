import { afterEach, describe, expect, it } from 'vitest';
import { parseAddress } from '../../../src-main/contract/address.ts';
import { f64, fromJson } from '../../../src-main/contract/signal.ts';
import { createClaspClient } from '../../../src-main/core/client/clasp-client.ts';
import { createSystemClock } from '../../../src-main/platform/system-clock.ts';
import { createSystemRandom } from '../../../src-main/platform/system-random.ts';
import type { Dialler } from '../../../src-main/ports/transport.ts';
import { createWebRtcDialler } from '../../../src-main/transports/webrtc/webrtc-dialler.ts';
import { createWebSocketDialler } from '../../../src-main/transports/websocket/websocket-dialler.ts';
import { TokenDesk } from '../../core/router/token-desk.ts';
import { silentLog } from '../../silent-log.ts';
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

describe('dialling over WebRTC', () => {
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
