import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { toJson } from '../../src-main/contract/signal.ts';
import { messageType } from '../../src-main/core/protocol/messages.ts';
import { folderOnDisk } from '../temporary-folder.ts';
import { until } from '../until.ts';
import { startFlyrail, startServe, type FlyrailProcess } from './flyrail-process.ts';
import { RawSession } from './raw-session.ts';
import { seeded } from './seeded.ts';
import { snapshotOf } from './snapshot-of.ts';

const rounds = 20;

/** Publishes 1, 2, 3 … under commit, each with a `flyrail pub` of its own. */
class Publisher {
  readonly address: string;
  readonly #flags: readonly string[];
  #running: FlyrailProcess | undefined;
  sent = 0;
  /** those that `flyrail pub` ended with 0 for */
  readonly acked: number[] = [];
  /** the revision with which each was told to others */
  readonly told = new Map<number, bigint>();

  constructor(address: string, ...flags: string[]) {
    this.address = address;
    this.#flags = flags;
  }

  get lastAcked(): number {
    return this.acked.at(-1) ?? 0;
  }

  /** The command would wait 10 s for a router that comes back. */
  giveUp(): void {
    this.#running?.child.kill('SIGKILL');
  }

  async publishWhile(isWanted: () => boolean, url: string): Promise<void> {
    while (isWanted()) {
      const value = ++this.sent;
      const flags = ['--qos', 'commit', '--url', url, ...this.#flags];
      this.#running = startFlyrail(['pub', this.address, `${value}`, ...flags]);
      const { code } = await this.#running.end;
      if (code === 0) this.acked.push(value);
    }
  }
}

const params = [new Publisher('/kept/a'), new Publisher('/kept/b')];
const cues = new Publisher('/kept/cue', '--signal', 'event');
const publishers = [...params, cues];

it(`[CL80] what flyrail pub --qos commit ended with 0 for is there after ${rounds} kills of the router`, async () => {
  const data = folderOnDisk();
  const random = seeded(20261122);
  for (let round = 0; round <= rounds; round++) {
    const flyrail = startServe(data, ['--no-ui', '--journal', 'full']);
    const { clasp } = await flyrail.ready();
    await expectParams(clasp.url);
    await expectCues(clasp.url);
    if (round === rounds) await flyrail.stop();
    // Every other kill waits for one publisher to be acknowledged, so that each has something to lose on any machine.
    else await publishUntilKilled(flyrail, random, round % 2 === 0 ? publishers[(round / 2) % 3] : undefined);
  }
  for (const { acked, address } of publishers) expect(acked.length, address).toBeGreaterThan(0);
}, 300_000);

async function publishUntilKilled(
  flyrail: ReturnType<typeof startServe>,
  random: () => number,
  acknowledged?: Publisher,
): Promise<void> {
  const { url } = (await flyrail.ready()).clasp;
  const observer = await RawSession.join(url);
  observer.send({ type: messageType.subscribe, id: 1, pattern: '/kept/**', types: 0xff });
  let isAlive = true;
  const publishing = publishers.map((each) => each.publishWhile(() => isAlive, url));
  const tellsMin = 1 + Math.floor(random() * 3);
  const turns = Math.floor(random() * 10);
  const tells = () => observer.all(messageType.set).length + observer.all(messageType.publish).length;
  const ackedBefore = acknowledged?.acked.length ?? -1;
  const isAcknowledged = () => (acknowledged?.acked.length ?? 0) > ackedBefore;
  await until('some commits to be told', () => tells() >= tellsMin && isAcknowledged(), 60_000);
  // Others are told of a commit before it is on disk: a kill in these turns meets it half-done.
  for (let turn = 0; turn < turns; turn++) await nextTurn();
  isAlive = false;
  await flyrail.stop('SIGKILL');
  for (const each of publishers) each.giveUp();
  await Promise.all(publishing);
  for (const { address, value, revision = 0n } of observer.all(messageType.set)) {
    params.find((each) => each.address === address)?.told.set(Number(toJson(value.value)), revision);
  }
}

/** Each has a value from the last acknowledged to the last sent, with the revision that it was told with. */
async function expectParams(url: string): Promise<void> {
  const snapshot = new Map((await snapshotOf(url)).map((param) => [param.address, param]));
  for (const { address, sent, acked, lastAcked, told } of params) {
    const found = snapshot.get(address);
    const value = found ? Number(toJson(found.value.value)) : 0;
    expect(value, address).toBeGreaterThanOrEqual(lastAcked);
    expect(value, address).toBeLessThanOrEqual(sent);
    if (!found) continue;
    expect(found.revision, address).toBe(told.get(value) ?? found.revision);
    // What was told and not acknowledged may be lost, and its revision given anew.
    for (const before of acked.filter((each) => each < value)) {
      expect(found.revision, address).toBeGreaterThan(told.get(before) ?? 0n);
    }
  }
}

/** All that were acknowledged are played back, in order, each once. */
async function expectCues(url: string): Promise<void> {
  const late = await RawSession.join(url);
  late.send({ type: messageType.replay, pattern: cues.address, types: 0xff });
  const playedNow = () => late.all(messageType.publish).map(({ value }) => Number(value && toJson(value.value)));
  await until('the acknowledged cues', () => cues.acked.every((cue) => playedNow().includes(cue)));
  const played = playedNow();
  expect(played).toEqual([...new Set(played)].toSorted((a, b) => a - b));
  expect(played.at(-1) ?? 0).toBeLessThanOrEqual(cues.sent);
  late.webSocket.close();
}
