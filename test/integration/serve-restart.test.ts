import { describe, expect, it } from 'vitest';
import { emptyShow } from '../../src-main/contract/show.ts';
import { toJson } from '../../src-main/contract/signal.ts';
import { messageType, type SnapshotParam } from '../../src-main/core/protocol/messages.ts';
import { WireValue } from '../../src-main/core/protocol/wire-value.ts';
import { keptRevisions } from '../kept-revisions.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { until } from '../until.ts';
import { startServe } from './flyrail-process.ts';
import { connectClient } from './quiet-client.ts';
import { RawSession } from './raw-session.ts';
import { listenForSacn } from './sacn-listener.ts';
import { fadingShow, sacnOutput, writeShow } from './serve-shows.ts';

const kills = 12;

describe('params over a restart of flyrail serve', () => {
  it('[JR10] light the lamp again after kill -9, before any client is back', async () => {
    const sacn = await listenForSacn();
    const data = temporaryFolder();
    const first = startServe(data, ['--show', writeShow(data, fadingShow(sacn.port))]);
    const desk = await connectClient((await first.ready()).clasp.url);
    for (const value of [0.1, 0.2, 0.6]) desk.set('/desk/fader/1', value);
    desk.set('/desk/name', 'Müller');
    await until('the level', () => sacn.level(1) === 153);
    await until('the flush', () => keptRevisions(data).get('/desk/name') !== undefined);
    await first.stop('SIGKILL');
    const heard = sacn.packets.length;

    const second = startServe(data);
    const { clasp } = await second.ready();
    await until('the level again', () => sacn.packets.length > heard && sacn.level(1) === 153);
    expect(sacn.packets.slice(heard).every(({ payloadAsBuffer }) => payloadAsBuffer?.[0] === 153)).toBe(true);
    const params = await snapshotOf(clasp.url);
    expect(
      Object.fromEntries(params.map(({ address, value, revision }) => [address, [toJson(value.value), revision]])),
    ).toEqual({
      '/desk/fader/1': [0.6, 3n],
      '/desk/name': ['Müller', 1n],
      '/sacn/1/1': [0.6, 3n],
    });
    expect((await second.stop()).code).toBe(0);

    const past = sacn.packets.length;
    const third = startServe(data);
    await third.ready();
    await until('the level after an orderly end', () => sacn.packets.length > past && sacn.level(1) === 153);
    expect((await third.stop()).code).toBe(0);
    sacn.close();
  }, 60_000);

  it(`[JR10] are never older than what was flushed, over ${kills} kills at any moment`, async () => {
    const data = temporaryFolder();
    let restored = 0n;
    /** what was told last before a kill, and how far revisions were ahead of the values counted up with them */
    let told = 0n;
    let ahead = 0n;
    let value = 0;
    for (let round = 0; round < kills; round++) {
      const flyrail = startServe(data, ['--no-ui']);
      const { clasp } = await flyrail.ready();
      const [param] = await snapshotOf(clasp.url);
      const back = param?.revision ?? 0n;
      expect(back).toBeGreaterThanOrEqual(restored);
      expect(param ? toJson(param.value.value) : 0).toBe(Number(back - ahead));
      const session = await RawSession.join(clasp.url);
      const set = (): void => {
        const wire = WireValue.of({ type: 'f64', value: ++value });
        session.send({ type: messageType.set, address: '/count', value: wire });
      };
      session.webSocket.on('message', set);
      const start = BigInt(value);
      set();
      const [first] = await session.until(messageType.ack, 1);
      const begun = first?.revision ?? 0n;
      expect(begun).toBeGreaterThan(told);
      ahead = begun - start - 1n;
      const flushed = begun + BigInt(round * 7);
      await until('a flush', () => (keptRevisions(data).get('/count') ?? 0n) >= flushed);
      restored = keptRevisions(data).get('/count') ?? 0n;
      await flyrail.stop('SIGKILL');
      told = session.all(messageType.ack).at(-1)?.revision ?? 0n;
    }
    expect(restored).toBeGreaterThan(BigInt(kills));
  }, 120_000);

  it('[JR11] leave no level of the show before in the output of another', async () => {
    const sacn = await listenForSacn();
    const data = temporaryFolder();
    const first = startServe(data, ['--show', writeShow(data, fadingShow(sacn.port))]);
    const { clasp } = await first.ready();
    (await connectClient(clasp.url)).set('/desk/fader/1', 1);
    await until('the level', () => sacn.level(1) === 255);
    expect((await first.stop()).code).toBe(0);
    const heard = sacn.packets.length;

    const tour = { ...emptyShow('tour', 'Tour'), bridges: [sacnOutput(sacn.port)] };
    const second = startServe(data, ['--show', writeShow(data, tour, 'tour.flyrail')]);
    const client = await connectClient((await second.ready()).clasp.url);
    client.set('/sacn/1/2', 1);
    await until('the other slot', () => sacn.level(2) === 255);
    expect(sacn.packets.slice(heard).some(({ payloadAsBuffer }) => payloadAsBuffer?.[0] === 255)).toBe(false);
    expect(await client.get('/desk/fader/1')).toBe(1);
    expect((await second.stop()).code).toBe(0);
    sacn.close();
  }, 60_000);
});

async function snapshotOf(url: string): Promise<readonly SnapshotParam[]> {
  const session = await RawSession.connect(url);
  session.send({ type: messageType.hello, version: 1, name: 'late', features: ['param'] });
  const [snapshot] = await session.until(messageType.snapshot, 1);
  session.webSocket.close();
  return snapshot?.params.toSorted((a, b) => (a.address < b.address ? -1 : 1)) ?? [];
}
