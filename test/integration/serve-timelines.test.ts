import { describe, expect, it } from 'vitest';
import { fromJson, tryNumber, type Value } from '../../src-main/contract/signal.ts';
import { messageType, type Message } from '../../src-main/core/protocol/messages.ts';
import { WireValue } from '../../src-main/core/protocol/wire-value.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { startServe, type FlyrailProcess } from './flyrail-process.ts';
import { RawSession } from './raw-session.ts';

const lengthMs = 600_000;
const keyframes = [{ time: 0, value: 0 }, { time: lengthMs * 1000, value: lengthMs }]; // prettier-ignore
const timeline = (address: string, value: unknown): Message => ({
  type: messageType.publish,
  kind: 'timeline',
  address,
  value: WireValue.of(fromJson(value)),
});

/** Where the router says that its timelines are, in ms, and how much they have moved their params. */
async function look(flyrail: FlyrailProcess) {
  const { clasp } = await flyrail.ready();
  const session = await RawSession.connect(clasp.url);
  session.send({ type: messageType.hello, version: 1, name: 'raw', features: ['param', 'timeline'] });
  session.send({ type: messageType.subscribe, id: 1, pattern: '/**', types: 0xff });
  const reports = await session.until(messageType.publish, 2);
  const now = Date.now();
  const fields = reports.map(({ address, value }) => [address, fieldsOf(value?.value)] as const);
  return { session, now, of: (address: string) => new Map(fields).get(address) ?? new Map<string, Value>() };
}

function fieldsOf(value: Value | undefined): ReadonlyMap<string, Value> {
  return new Map(value?.type === 'map' ? value.value : []);
}

describe('timelines of flyrail serve', () => {
  it('[TL81] play on after kill -9, where they would be, and what was paused stays so', async () => {
    const data = temporaryFolder();
    const first = startServe(data, ['--no-ui']);
    const { clasp } = await first.ready();
    const session = await RawSession.join(clasp.url);
    // Under commit, as a bundle: its ACK says that all of it is on disk.
    session.send({
      type: messageType.bundle,
      messages: [timeline('/plays', { keyframes }), timeline('/rests', { keyframes, autoplay: false })],
    });
    await session.until(messageType.ack, 1);
    const startedAt = Date.now();
    await first.stop('SIGKILL');
    const second = startServe(data, ['--no-ui', '--timeline-rate', '100']);
    const { session: heir, now, of } = await look(second);
    const playing = of('/plays');
    expect([playing.get('state'), of('/rests').get('state')]).toEqual([fromJson('playing'), fromJson('stopped')]);
    const position = tryNumber(playing.get('position') ?? fromJson(0)) ?? 0;
    // Within what two processes' clocks and a slow machine make of it.
    expect(position / 1000).toBeGreaterThan(0);
    expect(Math.abs(position / 1000 - (now - startedAt))).toBeLessThan(3000);
    await heir.until(messageType.set, 5);
    await second.stop();
  });

  it('[TL83] are gone without a journal', async () => {
    const data = temporaryFolder();
    const first = startServe(data, ['--no-ui', '--journal', 'off']);
    const { clasp } = await first.ready();
    const session = await RawSession.join(clasp.url);
    session.send({ type: messageType.bundle, messages: [timeline('/plays', { keyframes })] });
    await session.until(messageType.ack, 1);
    await first.stop('SIGKILL');
    const second = startServe(data, ['--no-ui', '--journal', 'off']);
    const again = await RawSession.join((await second.ready()).clasp.url);
    again.send({ type: messageType.query, pattern: '/**' });
    const [result] = await again.until(messageType.result, 1);
    expect(result?.signals.filter(({ kind }) => kind === 'timeline')).toEqual([]);
    await second.stop();
  });
});
