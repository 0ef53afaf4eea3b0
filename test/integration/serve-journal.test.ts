import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { toJson } from '../../src-main/contract/signal.ts';
import { decodeFrame } from '../../src-main/core/protocol/frame.ts';
import { messageType, type Message } from '../../src-main/core/protocol/messages.ts';
import { WireValue } from '../../src-main/core/protocol/wire-value.ts';
import { folderOnDisk } from '../temporary-folder.ts';
import { until } from '../until.ts';
import { startServe } from './flyrail-process.ts';
import { RawSession } from './raw-session.ts';
import { seeded } from './seeded.ts';
import { snapshotOf } from './snapshot-of.ts';

const rounds = 20;
const addresses = ['/count/a', '/count/b', '/count/c'] as const;
const replay: Message = { type: messageType.replay, pattern: '/**', types: 0xff };

describe('the journal of flyrail serve', () => {
  it(`[JR35] has every commit that was acknowledged, exactly, and no revision goes back, over ${rounds} kills`, async () => {
    const data = folderOnDisk();
    const random = seeded(20261121);
    /** of each address the last that was acknowledged under commit; values count up with revisions, which start higher
     *  after each kill */
    const acked = new Map<string, { readonly round: number; readonly revision: bigint; readonly value: number }>();
    let fires = 0;
    for (let round = 0; round < rounds; round++) {
      const flyrail = startServe(data, ['--no-ui', '--journal', round % 3 === 2 ? 'full' : 'state']);
      const { clasp } = await flyrail.ready();
      const found = new Map((await snapshotOf(clasp.url)).map((param) => [param.address, param]));
      for (const [address, last] of acked) {
        const { revision = -1n, value } = found.get(address) ?? {};
        expect(revision, address).toBeGreaterThanOrEqual(last.revision);
        const counted = Number(value && toJson(value.value));
        expect(counted, address).toBeGreaterThanOrEqual(last.value);
        if (last.round === round - 1) expect(counted, address).toBe(last.value + Number(revision - last.revision));
      }
      const sessions = await Promise.all(addresses.map(() => RawSession.join(clasp.url)));
      const stopAfter = 5 + Math.floor(random() * 40);
      let answers = 0;
      sessions.forEach((session, i) => {
        const address = addresses[i] ?? '';
        let next = BigInt(acked.get(address)?.value ?? 0);
        const send = (): void => {
          // Others go first that nobody waits for: the commit takes them along.
          const unawaited = Math.floor(random() * 4);
          fires += unawaited;
          for (let n = 0; n < unawaited; n++) session.send(setTo(address, ++next));
          session.send({ type: messageType.bundle, messages: [setTo(address, ++next)] });
        };
        session.webSocket.on('message', (frame: Buffer) => {
          const { message } = decodeFrame(frame);
          // The ACK of a bundle has no address.
          if (message.type !== messageType.ack || message.address !== undefined) return;
          const revision = message.revision ?? 0n;
          expect(revision).toBeGreaterThan(acked.get(address)?.revision ?? 0n);
          acked.set(address, { round, revision, value: Number(next) });
          answers++;
          send();
        });
        send();
      });
      await until('some commits', () => answers >= stopAfter);
      await flyrail.stop('SIGKILL');
    }
    expect(acked.size).toBe(addresses.length);
    expect(fires).toBeGreaterThan(rounds);
  }, 180_000);

  it('[JR35] plays back with --journal full what happened before a kill, commits included, and says 501 without', async () => {
    const data = folderOnDisk();
    const first = startServe(data, ['--no-ui', '--journal', 'full']);
    const desk = await RawSession.join((await first.ready()).clasp.url);
    for (let i = 1; i <= 100; i++) desk.send(setTo('/level', BigInt(i)), event('/go', i));
    desk.send({ type: messageType.bundle, messages: [event('/cue', 1)] });
    await until('the commit', () => desk.all(messageType.ack).some(({ address }) => address === undefined));
    await first.stop('SIGKILL');

    const second = startServe(data, ['--no-ui', '--journal', 'full']);
    const late = await RawSession.join((await second.ready()).clasp.url);
    late.send(replay);
    await late.until(messageType.set, 100);
    await late.until(messageType.publish, 101);
    expect(late.all(messageType.set).map(({ revision }) => revision)).toEqual(numbers.map(BigInt));
    expect(late.all(messageType.publish).map(({ value }) => value && toJson(value.value))).toEqual([...numbers, 1]);
    expect((await second.stop()).code).toBe(0);

    const third = startServe(data, ['--no-ui']);
    const other = await RawSession.join((await third.ready()).clasp.url);
    other.send(replay);
    expect(await other.until(messageType.error, 1)).toMatchObject([{ code: 501 }]);
    expect((await third.stop()).code).toBe(0);
  }, 60_000);

  it('[JR35] starts with damaged files, says so, and has what could be read', async () => {
    const data = folderOnDisk();
    const first = startServe(data, ['--no-ui', '--journal', 'full']);
    const desk = await RawSession.join((await first.ready()).clasp.url);
    for (let i = 1; i <= 3000; i++) desk.send(setTo(`/level/${i}`, BigInt(i)));
    await desk.until(messageType.ack, 3000);
    expect((await first.stop()).code).toBe(0);
    for (const name of ['params.sqlite', 'signals.sqlite']) {
      const path = join(data, 'working', name);
      const file = readFileSync(path);
      writeFileSync(path, file.subarray(0, file.length - 6000));
    }
    const second = startServe(data, ['--no-ui', '--journal', 'full']);
    const { clasp } = await second.ready();
    const params = await snapshotOf(clasp.url);
    expect(params.length).toBeGreaterThan(1500);
    expect(params.length).toBeLessThan(3000);
    const late = await RawSession.join(clasp.url);
    late.send(replay, { type: messageType.bundle, messages: [event('/go', 1)] });
    await late.until(messageType.ack, 1);
    expect((await second.stop()).code).toBe(0);
    expect(second.stderr()).toContain('the kept params were unreadable and are put aside');
    expect(second.stderr()).toContain('the kept signals were damaged and are put aside');
  }, 60_000);

  it('[JR36] keeps nothing with --journal off, and leaves alone what is there', async () => {
    const data = folderOnDisk();
    const first = startServe(data, ['--no-ui']);
    const desk = await RawSession.join((await first.ready()).clasp.url);
    desk.send({ type: messageType.bundle, messages: [setTo('/a', 1n)] });
    await desk.until(messageType.ack, 1);
    await first.stop('SIGKILL');

    const second = startServe(data, ['--no-ui', '--journal', 'off']);
    const { clasp } = await second.ready();
    expect(await snapshotOf(clasp.url)).toEqual([]);
    const other = await RawSession.join(clasp.url);
    other.send({ type: messageType.bundle, messages: [setTo('/b', 1n)] });
    await other.until(messageType.ack, 1);
    expect((await second.stop()).code).toBe(0);

    const third = startServe(data, ['--no-ui']);
    const params = await snapshotOf((await third.ready()).clasp.url);
    expect(params.map(({ address }) => address)).toEqual(['/a']);
    expect((await third.stop()).code).toBe(0);
  }, 60_000);
});

const numbers = Array.from({ length: 100 }, (_, i) => i + 1);

function setTo(address: string, value: bigint): Message {
  return { type: messageType.set, address, value: WireValue.of({ type: 'f64', value: Number(value) }) };
}

function event(address: string, value: number): Message {
  return { type: messageType.publish, kind: 'event', address, value: WireValue.of({ type: 'f64', value }) };
}
