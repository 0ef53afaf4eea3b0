import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { f64, toJson } from '../../src-main/contract/signal.ts';
import { correlationOf } from '../../src-main/core/protocol/correlation.ts';
import { messageType, type AckMessage, type Message } from '../../src-main/core/protocol/messages.ts';
import { WireValue } from '../../src-main/core/protocol/wire-value.ts';
import { folderOnDisk } from '../temporary-folder.ts';
import { until } from '../until.ts';
import { startServe } from './flyrail-process.ts';
import { RawSession } from './raw-session.ts';
import { seeded } from './seeded.ts';
import { snapshotOf } from './snapshot-of.ts';

const rounds = 12;
const perRound = 60;

/** Of one client: the same secret and ids in every session. */
class Committer {
  /** by id, in every run of the router so far */
  readonly acks = new Map<number, AckMessage[]>();
  #lastId = 0;

  async join(url: string): Promise<RawSession> {
    const session = await RawSession.connect(url);
    session.ask(1, { type: messageType.hello, version: 1, name: 'desk', features: ['param'], resume: 'of the desk' });
    await session.until(messageType.snapshot, 1);
    return session;
  }

  nextIds(): readonly number[] {
    return Array.from({ length: perRound }, () => 1000 + ++this.#lastId);
  }

  ask(session: RawSession, ids: readonly number[]): void {
    for (const id of ids) session.ask(id, requestOf(id), 'commit');
  }

  note(session: RawSession): void {
    for (const ack of session.all(messageType.ack)) {
      const id = ack.correlationId ?? 0;
      this.acks.set(id, [...(this.acks.get(id) ?? []), ack]);
    }
  }
}

/** A SET, an event, or a bundle of both, with the id as the value. */
function requestOf(id: number): Message {
  const value = WireValue.of(f64(id));
  const set: Message = { type: messageType.set, address: `/once/param/${id % 5}`, value };
  const cue: Message = { type: messageType.publish, kind: 'event', address: '/once/cue', value };
  if (id % 3 === 0) return set;
  return id % 3 === 1 ? cue : { type: messageType.bundle, messages: [set, cue] };
}

it(`[JR57] what was sent under commit is done once, however often the router is killed before it answers: ${rounds} kills`, async () => {
  const data = folderOnDisk();
  const random = seeded(20261123);
  const committer = new Committer();
  let repeated: readonly number[] = [];
  let toldAgain = 0;
  for (let round = 0; round <= rounds; round++) {
    const flyrail = startServe(data, ['--no-ui', '--journal', 'full']);
    const { clasp } = await flyrail.ready();
    const session = await committer.join(clasp.url);
    committer.ask(session, repeated);
    await until('all answers', () => session.all(messageType.ack).length >= repeated.length, 20_000);
    committer.note(session);
    toldAgain += expectSameAnswers(committer, repeated);
    session.received.length = 0;
    if (round === rounds) {
      await expectEachOnce(clasp.url, committer);
      await flyrail.stop();
      break;
    }
    repeated = committer.nextIds();
    committer.ask(session, repeated);
    const wanted = Math.floor(random() * 40);
    const turns = Math.floor(random() * 8);
    await until('some answers', () => session.all(messageType.ack).length >= wanted, 20_000);
    for (let turn = 0; turn < turns; turn++) await nextTurn();
    await flyrail.stop('SIGKILL');
    committer.note(session);
  }
  // Or nothing was proven.
  expect(toldAgain).toBeGreaterThan(rounds);
}, 300_000);

/** @returns how many had their answer before the kill */
function expectSameAnswers({ acks }: Committer, repeated: readonly number[]): number {
  let toldAgain = 0;
  for (const id of repeated) {
    const [first, ...others] = acks.get(correlationOf(BigInt(id))) ?? [];
    expect(first, `${id}`).toBeDefined();
    for (const other of others) expect(other, `${id}`).toEqual(first);
    toldAgain += others.length;
  }
  return toldAgain;
}

async function expectEachOnce(url: string, { acks }: Committer): Promise<void> {
  // A bundle of which half was to be done again is answered behind what came after it.
  const asked = [...acks.keys()].toSorted((a, b) => a - b);
  const late = await RawSession.join(url);
  late.send({ type: messageType.replay, pattern: '/once/cue', types: 0xff });
  const cues = asked.filter((id) => id % 3 !== 0);
  const played = () => late.all(messageType.publish).map(({ value }) => Number(value && toJson(value.value)));
  await until('the cues', () => new Set(played()).size >= cues.length);
  expect(played().toSorted((a, b) => a - b)).toEqual(cues);
  expect(played()).toEqual(cues);
  for (const { address, value, revision } of await snapshotOf(url)) {
    const newest = asked.findLast((id) => id % 3 !== 1 && address === `/once/param/${id % 5}`);
    expect([address, toJson(value.value)]).toEqual([address, newest]);
    const ack = acks.get(newest ?? 0)?.at(-1);
    expect(ack?.revision, address).toBe(revision);
  }
  late.webSocket.close();
}
